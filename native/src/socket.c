/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */
#include "kindred.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
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

int64_t kindred_send(int socket, const void *buffer, size_t length, const int *descriptors, size_t count, int flags) {
    if (count > KINDRED_DESCRIPTORS_PER_MESSAGE) {
        return -EMSGSIZE;
    }
    if (count > 0 && length == 0) {
        return -EINVAL; /* The kernel would take the message and drop the descriptors. */
    }
    struct iovec bytes = {.iov_base = (void *) (uintptr_t) buffer, .iov_len = length};
    struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1};
    union control control;
    if (count > 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = &control;
        message.msg_controllen = (socklen_t) CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = (socklen_t) CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(header), descriptors, count * sizeof(int));
    }
    ssize_t sent;
    do {
        /* Not through the C library: musl's copies the control message into a buffer that is too small for the most descriptors. All
         * that it would set to zero is zero already. */
        sent = syscall(SYS_sendmsg, socket, &message, flags | MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return kindred_long_result(sent);
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
