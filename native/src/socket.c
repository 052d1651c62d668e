/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */
#include "kindred.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "calls.h"

/* Room for the descriptors of one message, aligned as the kernel wants it. */
union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(KINDRED_DESCRIPTORS_PER_MESSAGE * sizeof(int))];
};

int kindred_pipe(int flags, int result[2]) {
    return kindred_result(pipe2(result, flags | O_CLOEXEC));
}

int kindred_socket_pair(int type, int result[2]) {
    return kindred_result(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, result));
}

int kindred_socket(int family, int type) {
    return kindred_result(socket(family, type | SOCK_CLOEXEC, 0));
}

/* Returns the length of the address as the kernel counts it. */
static int unix_address(const char *bytes, size_t length, struct sockaddr_un *address) {
    if (length == 0) {
        return -EINVAL;
    }
    size_t limit = bytes[0] == '\0' ? sizeof address->sun_path : sizeof address->sun_path - 1;
    if (length > limit) {
        return -ENAMETOOLONG;
    }
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, bytes, length);
    return (int) (offsetof(struct sockaddr_un, sun_path) + length);
}

int kindred_bind_unix(int socket, const char *address, size_t length) {
    struct sockaddr_un name;
    int size = unix_address(address, length, &name);
    return size < 0 ? size : kindred_result(bind(socket, (const struct sockaddr *) &name, (socklen_t) size));
}

int kindred_connect_unix(int socket, const char *address, size_t length) {
    struct sockaddr_un name;
    int size = unix_address(address, length, &name);
    if (size < 0) {
        return size;
    }
    int result;
    do { /* Unlike one of TCP, a Unix socket's connection has not begun when a signal ends the call. */
        result = connect(socket, (const struct sockaddr *) &name, (socklen_t) size);
    } while (result < 0 && errno == EINTR);
    return kindred_result(result);
}

int kindred_listen(int socket, int backlog) {
    return kindred_result(listen(socket, backlog));
}

int kindred_accept(int socket) {
    int accepted;
    do {
        accepted = accept4(socket, NULL, NULL, SOCK_CLOEXEC);
    } while (accepted < 0 && (errno == EINTR || errno == ECONNABORTED));
    return kindred_result(accepted);
}

int kindred_peer_credentials(int socket, struct kindred_credentials *result) {
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) < 0) {
        return -errno;
    }
    *result = (struct kindred_credentials) {
        .pid = credentials.pid,
        .uid = (int32_t) credentials.uid,
        .gid = (int32_t) credentials.gid,
    };
    return 0;
}

/* sendmsg(2) of a message whose bytes are set, with descriptors. */
static int64_t send_message(int socket, struct msghdr *message, const int *descriptors, size_t count, int flags) {
    union control control;
    if (count > 0) {
        memset(&control, 0, sizeof control);
        message->msg_control = &control;
        message->msg_controllen = (socklen_t) CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *header = CMSG_FIRSTHDR(message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = (socklen_t) CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(header), descriptors, count * sizeof(int));
    }
    ssize_t sent;
    do {
        /* Not through the C library: musl's copies the control message into a buffer that is too small for the most descriptors. All
         * that it would set to zero is zero already. */
        sent = syscall(SYS_sendmsg, socket, message, flags | MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return kindred_long_result(sent);
}

/* Descriptors need a byte to go with: the kernel would take the message and drop them. */
static int check_descriptors(size_t count, size_t length) {
    if (count > KINDRED_DESCRIPTORS_PER_MESSAGE) {
        return -EMSGSIZE;
    }
    return count > 0 && length == 0 ? -EINVAL : 0;
}

int64_t kindred_send(int socket, const void *buffer, size_t length, const int *descriptors, size_t count, int flags) {
    int failure = check_descriptors(count, length);
    if (failure != 0) {
        return failure;
    }
    struct iovec bytes = {.iov_base = (void *) (uintptr_t) buffer, .iov_len = length};
    struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1};
    return send_message(socket, &message, descriptors, count, flags);
}

int64_t kindred_send_parts(int stream, bool is_socket, const struct kindred_parts *parts, const int *descriptors, size_t count) {
    int failure = check_descriptors(count, parts->head_length + parts->body_length);
    if (failure != 0) {
        return failure;
    }
    struct iovec bytes[2] = {
        {.iov_base = (void *) (uintptr_t) parts->head, .iov_len = parts->head_length},
        {.iov_base = (void *) (uintptr_t) parts->body, .iov_len = parts->body_length},
    };
    if (is_socket) {
        struct msghdr message = {.msg_iov = bytes, .msg_iovlen = 2};
        return send_message(stream, &message, descriptors, count, MSG_DONTWAIT);
    }
    if (count > 0) {
        return -ENOTSOCK;
    }
    ssize_t written;
    do { /* A JVM ignores SIGPIPE. */
        written = writev(stream, bytes, 2);
    } while (written < 0 && errno == EINTR);
    return kindred_long_result(written);
}

/* Moves the descriptors of a message into `received`, which has room for all that one message can carry. Returns how many there are. */
static size_t take_descriptors(struct msghdr *message, int received[KINDRED_DESCRIPTORS_PER_MESSAGE]) {
    size_t count = 0;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL; header = CMSG_NXTHDR(message, header)) {
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
            size_t bytes = header->cmsg_len - CMSG_LEN(0);
            memcpy(received + count, CMSG_DATA(header), bytes);
            count += bytes / sizeof(int);
        }
    }
    return count;
}

int64_t kindred_receive(int socket, void *buffer, size_t length, int *descriptors, size_t count, int flags) {
    union control control; /* Always room for all, so that none is dropped without a trace. */
    struct iovec bytes = {.iov_base = buffer, .iov_len = length};
    struct msghdr message;
    ssize_t received;
    do {
        message = (struct msghdr) {
            .msg_iov = &bytes,
            .msg_iovlen = 1,
            .msg_control = &control,
            .msg_controllen = sizeof control,
        };
        received = recvmsg(socket, &message, flags | MSG_CMSG_CLOEXEC);
    } while (received < 0 && errno == EINTR);
    if (received < 0) {
        return -errno;
    }

    int taken[KINDRED_DESCRIPTORS_PER_MESSAGE];
    size_t taken_count = take_descriptors(&message, taken);
    int failure = 0;
    if (taken_count > count || (message.msg_flags & MSG_TRUNC) != 0) {
        failure = -EMSGSIZE;
    } else if ((message.msg_flags & MSG_CTRUNC) != 0) {
        failure = -EMFILE;
    }
    if (failure != 0) {
        for (size_t i = 0; i < taken_count; i++) {
            close(taken[i]);
        }
        taken_count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        descriptors[i] = i < taken_count ? taken[i] : -1;
    }
    return failure != 0 ? failure : received;
}

static int64_t receive_message(int socket, void *buffer, size_t length, int *descriptors, int *count) {
    union control control;
    struct iovec bytes = {.iov_base = buffer, .iov_len = length};
    struct msghdr message;
    ssize_t received;
    do {
        message = (struct msghdr) {
            .msg_iov = &bytes,
            .msg_iovlen = 1,
            .msg_control = &control,
            .msg_controllen = sizeof control,
        };
        received = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    } while (received < 0 && errno == EINTR);
    if (received < 0) {
        return -errno;
    }
    size_t taken = take_descriptors(&message, descriptors);
    if ((message.msg_flags & MSG_CTRUNC) != 0) {
        for (size_t i = 0; i < taken; i++) {
            close(descriptors[i]);
        }
        *count = -EMFILE;
    } else {
        *count = (int) taken;
    }
    return received;
}

int64_t kindred_receive_part(int stream, bool is_socket, void *buffer, size_t length, int *descriptors, int *count) {
    *count = 0;
    return is_socket ? receive_message(stream, buffer, length, descriptors, count) : kindred_read(stream, buffer, length);
}

union inet_name {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* Returns the length of the name as the kernel counts it. */
static int inet_name(const struct kindred_inet *address, union inet_name *name) {
    if (address->port > UINT16_MAX) {
        return -EINVAL;
    }
    memset(name, 0, sizeof *name);
    switch (address->length) {
    case sizeof name->v4.sin_addr:
        name->v4.sin_family = AF_INET;
        name->v4.sin_port = htons((uint16_t) address->port);
        memcpy(&name->v4.sin_addr, address->address, sizeof name->v4.sin_addr);
        return sizeof name->v4;
    case sizeof name->v6.sin6_addr:
        name->v6.sin6_family = AF_INET6;
        name->v6.sin6_port = htons((uint16_t) address->port);
        name->v6.sin6_scope_id = address->scope;
        memcpy(&name->v6.sin6_addr, address->address, sizeof name->v6.sin6_addr);
        return sizeof name->v6;
    default:
        return -EINVAL;
    }
}

int kindred_bind_inet(int socket, const struct kindred_inet *address) {
    union inet_name name;
    int size = inet_name(address, &name);
    return size < 0 ? size : kindred_result(bind(socket, &name.any, (socklen_t) size));
}

int kindred_connect_inet(int socket, const struct kindred_inet *address) {
    union inet_name name;
    int size = inet_name(address, &name);
    return size < 0 ? size : kindred_result(connect(socket, &name.any, (socklen_t) size));
}

int kindred_inet_name(int socket, bool peer, struct kindred_inet *result) {
    union inet_name name;
    memset(&name, 0, sizeof name);
    socklen_t size = sizeof name;
    if ((peer ? getpeername(socket, &name.any, &size) : getsockname(socket, &name.any, &size)) < 0) {
        return -errno;
    }
    *result = (struct kindred_inet) {0};
    switch (name.any.sa_family) {
    case AF_INET:
        result->length = sizeof name.v4.sin_addr;
        result->port = ntohs(name.v4.sin_port);
        memcpy(result->address, &name.v4.sin_addr, sizeof name.v4.sin_addr);
        return 0;
    case AF_INET6:
        result->length = sizeof name.v6.sin6_addr;
        result->port = ntohs(name.v6.sin6_port);
        result->scope = name.v6.sin6_scope_id;
        memcpy(result->address, &name.v6.sin6_addr, sizeof name.v6.sin6_addr);
        return 0;
    default:
        return -EAFNOSUPPORT;
    }
}

int kindred_set_option(int socket, int level, int option, int value) {
    return kindred_result(setsockopt(socket, level, option, &value, sizeof value));
}

int kindred_socket_error(int socket) {
    int error;
    socklen_t length = sizeof error;
    return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) < 0 ? -errno : error;
}

int kindred_change_mode(int descriptor, int mode) {
    return kindred_result(fchmod(descriptor, (mode_t) mode));
}
