/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "check.h"
#include "kindred.h"

#define MANY KINDRED_DESCRIPTORS_PER_MESSAGE

static void close_both(const int ends[2]) {
    SUCCEED(kindred_close(ends[0]));
    SUCCEED(kindred_close(ends[1]));
}

static void pipes_end_with_their_writer(void) {
    int ends[2];
    SUCCEED(kindred_pipe(O_NONBLOCK, ends));
    CHECK_EQUAL(FD_CLOEXEC, fcntl(ends[0], F_GETFD));
    CHECK_EQUAL(FD_CLOEXEC, fcntl(ends[1], F_GETFD));
    char byte = 'x';
    CHECK_EQUAL(-EAGAIN, kindred_read(ends[0], &byte, 1));
    CHECK_EQUAL(1, kindred_write(ends[1], &byte, 1));
    CHECK_EQUAL(1, kindred_read(ends[0], &byte, 1));
    SUCCEED(kindred_close(ends[1]));
    CHECK_EQUAL(0, kindred_read(ends[0], &byte, 1));
    SUCCEED(kindred_close(ends[0]));
}

static void bytes_go_both_ways(void) {
    int ends[2];
    SUCCEED(kindred_socket_pair(SOCK_STREAM, ends));
    CHECK_EQUAL(FD_CLOEXEC, fcntl(ends[0], F_GETFD));
    char buffer[8];
    CHECK_EQUAL(4, kindred_send(ends[0], "ping", 4, NULL, 0, 0));
    CHECK_EQUAL(4, kindred_receive(ends[1], buffer, sizeof buffer, NULL, 0, 0));
    CHECK_EQUAL(4, kindred_send(ends[1], "pong", 4, NULL, 0, 0));
    CHECK_EQUAL(2, kindred_receive(ends[0], buffer, 2, NULL, 0, 0));
    CHECK_EQUAL(2, kindred_receive(ends[0], buffer, 2, NULL, 0, 0)); /* a stream keeps what did not fit */
    CHECK_EQUAL(-EAGAIN, kindred_receive(ends[0], buffer, sizeof buffer, NULL, 0, MSG_DONTWAIT));
    SUCCEED(kindred_close(ends[1]));
    CHECK_EQUAL(0, kindred_receive(ends[0], buffer, sizeof buffer, NULL, 0, 0));
    CHECK_EQUAL(-EPIPE, kindred_send(ends[0], "ping", 4, NULL, 0, 0)); /* and no SIGPIPE */
    SUCCEED(kindred_close(ends[0]));
}

static void descriptors_travel(void) {
    int ends[2];
    SUCCEED(kindred_socket_pair(SOCK_STREAM, ends));
    int sent[] = {SUCCEED_INT(kindred_memfd_create("one")), SUCCEED_INT(kindred_memfd_create("two"))};
    CHECK_EQUAL(1, kindred_send(ends[0], "d", 1, sent, 2, 0));
    char byte;
    int received[3];
    CHECK_EQUAL(1, kindred_receive(ends[1], &byte, 1, received, 3, 0));
    CHECK_EQUAL(-1, received[2]);
    for (int i = 0; i < 2; i++) {
        struct kindred_status expected, actual;
        SUCCEED(kindred_status(sent[i], &expected));
        SUCCEED(kindred_status(received[i], &actual));
        CHECK_EQUAL(expected.inode, actual.inode);
        CHECK_EQUAL(FD_CLOEXEC, fcntl(received[i], F_GETFD));
    }
    /* A message without any leaves the array empty. */
    CHECK_EQUAL(1, kindred_send(ends[0], "d", 1, NULL, 0, 0));
    int none[2] = {0, 0};
    CHECK_EQUAL(1, kindred_receive(ends[1], &byte, 1, none, 2, 0));
    CHECK_EQUAL(-1, none[0]);
    CHECK_EQUAL(-1, none[1]);
    close_both(received);
    close_both(sent);
    close_both(ends);
}

static void most_descriptors_of_a_message(void) {
    int ends[2];
    SUCCEED(kindred_socket_pair(SOCK_STREAM, ends));
    int one = SUCCEED_INT(kindred_memfd_create("most"));
    int sent[MANY + 1];
    for (int i = 0; i <= MANY; i++) {
        sent[i] = one;
    }
    CHECK_EQUAL(-EMSGSIZE, kindred_send(ends[0], "d", 1, sent, MANY + 1, 0));
    CHECK_EQUAL(-EINVAL, kindred_send(ends[0], "", 0, sent, 1, 0));
    CHECK_EQUAL(-EBADF, kindred_send(ends[0], "d", 1, (const int[]) {-1}, 1, 0));
    CHECK_EQUAL(1, kindred_send(ends[0], "d", 1, sent, MANY, 0));
    char byte;
    int received[MANY];
    CHECK_EQUAL(1, kindred_receive(ends[1], &byte, 1, received, MANY, 0));
    for (int i = 0; i < MANY; i++) {
        SUCCEED(kindred_close(received[i]));
    }
    SUCCEED(kindred_close(one));
    close_both(ends);
}

static void too_many_descriptors_are_closed(void) {
    int ends[2];
    SUCCEED(kindred_socket_pair(SOCK_STREAM, ends));
    int one = SUCCEED_INT(kindred_memfd_create("many"));
    int sent[] = {one, one, one};
    int before = open_descriptors();
    CHECK_EQUAL(1, kindred_send(ends[0], "d", 1, sent, 3, 0));
    char byte;
    int received[2] = {0, 0};
    CHECK_EQUAL(-EMSGSIZE, kindred_receive(ends[1], &byte, 1, received, 2, 0));
    CHECK_EQUAL(-1, received[0]);
    CHECK_EQUAL(-1, received[1]);
    CHECK_EQUAL(1, kindred_send(ends[0], "d", 1, sent, 1, 0));
    CHECK_EQUAL(-EMSGSIZE, kindred_receive(ends[1], &byte, 1, NULL, 0, 0));
    CHECK_EQUAL(before, open_descriptors());
    SUCCEED(kindred_close(one));
    close_both(ends);
}

static void receive_at_the_limit_of_descriptors(void *argument) {
    const int *ends = argument;
    int highest = SUCCEED_INT(kindred_duplicate(ends[0]));
    struct rlimit limit;
    CHECK_EQUAL(0, getrlimit(RLIMIT_NOFILE, &limit));
    limit.rlim_cur = (rlim_t) highest + 2; /* room for one more */
    CHECK_EQUAL(0, setrlimit(RLIMIT_NOFILE, &limit));
    char byte;
    int received[2];
    CHECK_EQUAL(-EMFILE, kindred_receive(ends[1], &byte, 1, received, 2, 0));
    CHECK_EQUAL(-1, received[0]);
    CHECK_EQUAL(highest + 1, kindred_duplicate(ends[0])); /* the one that had come is closed again */
}

static void no_room_for_descriptors_is_an_error(void) {
    int ends[2];
    SUCCEED(kindred_socket_pair(SOCK_STREAM, ends));
    CHECK_EQUAL(1, kindred_send(ends[0], "d", 1, ends, 2, 0));
    finish(start(receive_at_the_limit_of_descriptors, ends));
    close_both(ends);
}

static void messages_are_never_cut(void) {
    int ends[2];
    SUCCEED(kindred_socket_pair(SOCK_SEQPACKET, ends));
    int before = open_descriptors();
    CHECK_EQUAL(4, kindred_send(ends[0], "long", 4, ends, 1, 0));
    char buffer[4];
    int received[1];
    CHECK_EQUAL(-EMSGSIZE, kindred_receive(ends[1], buffer, 3, received, 1, 0));
    CHECK_EQUAL(before, open_descriptors());
    close_both(ends);
}

static void connect_and_greet(const char *address, size_t length) {
    int server = SUCCEED_INT(kindred_socket(AF_UNIX, SOCK_STREAM));
    int client = SUCCEED_INT(kindred_socket(AF_UNIX, SOCK_STREAM));
    CHECK(kindred_connect_unix(client, address, length) < 0);
    SUCCEED(kindred_bind_unix(server, address, length));
    CHECK_EQUAL(-ECONNREFUSED, kindred_connect_unix(client, address, length));
    SUCCEED(kindred_listen(server, 1));
    SUCCEED(kindred_connect_unix(client, address, length));
    int accepted = SUCCEED_INT(kindred_accept(server));
    CHECK_EQUAL(FD_CLOEXEC, fcntl(accepted, F_GETFD));
    char byte;
    CHECK_EQUAL(1, kindred_send(client, "!", 1, NULL, 0, 0));
    CHECK_EQUAL(1, kindred_receive(accepted, &byte, 1, NULL, 0, 0));
    struct kindred_credentials credentials;
    SUCCEED(kindred_peer_credentials(accepted, &credentials));
    CHECK_EQUAL(getpid(), credentials.pid);
    CHECK_EQUAL(getuid(), credentials.uid);
    CHECK_EQUAL(getgid(), credentials.gid);
    int other = SUCCEED_INT(kindred_socket(AF_UNIX, SOCK_STREAM));
    CHECK_EQUAL(-EADDRINUSE, kindred_bind_unix(other, address, length));
    SUCCEED(kindred_close(other));
    SUCCEED(kindred_close(accepted));
    SUCCEED(kindred_close(client));
    SUCCEED(kindred_close(server));
}

static void abstract_addresses(void) {
    char address[108];
    memset(address, 'k', sizeof address);
    address[0] = '\0';
    snprintf(address + 1, 32, "kindred-test-%d", getpid());
    connect_and_greet(address, 1 + strlen(address + 1));
    connect_and_greet(address, sizeof address); /* NULs in the middle are part of it */
}

static void addresses_with_a_path(void) {
    char path[] = "/tmp/kindred-test-XXXXXX";
    CHECK(mkdtemp(path) != NULL);
    char address[64];
    snprintf(address, sizeof address, "%s/socket", path);
    connect_and_greet(address, strlen(address));
    CHECK_EQUAL(0, unlink(address));
    CHECK_EQUAL(0, rmdir(path));
}

static void wrong_addresses(void) {
    int socket = SUCCEED_INT(kindred_socket(AF_UNIX, SOCK_STREAM));
    char address[200] = {0};
    CHECK_EQUAL(-ENAMETOOLONG, kindred_bind_unix(socket, address, 109));
    memset(address, 'x', sizeof address);
    CHECK_EQUAL(-ENAMETOOLONG, kindred_connect_unix(socket, address, 108));
    CHECK_EQUAL(-EINVAL, kindred_bind_unix(socket, address, 0));
    CHECK_EQUAL(-EINVAL, kindred_listen(socket, 1));
    CHECK_EQUAL(-EINVAL, kindred_accept(socket));
    SUCCEED(kindred_close(socket));
    CHECK_EQUAL(-EAFNOSUPPORT, kindred_socket(9999, SOCK_STREAM));
    struct kindred_credentials credentials;
    int memory = SUCCEED_INT(kindred_memfd_create("no socket"));
    CHECK_EQUAL(-ENOTSOCK, kindred_peer_credentials(memory, &credentials));
    SUCCEED(kindred_close(memory));
}

static void frames_are_gathered(void) {
    int ends[2];
    SUCCEED(kindred_socket_pair(SOCK_STREAM, ends));
    int pipe[2];
    SUCCEED(kindred_pipe(O_NONBLOCK, pipe));
    const struct kindred_parts parts = {.head = "head", .head_length = 4, .body = "body", .body_length = 4};
    char buffer[16];
    int taken[MANY];
    int count;
    for (int is_socket = 0; is_socket <= 1; is_socket++) {
        int to = is_socket ? ends[0] : pipe[1];
        int from = is_socket ? ends[1] : pipe[0];
        CHECK_EQUAL(-EAGAIN, kindred_receive_part(from, is_socket, buffer, sizeof buffer, taken, &count));
        CHECK_EQUAL(8, kindred_send_parts(to, is_socket, &parts, NULL, 0));
        CHECK_EQUAL(8, kindred_receive_part(from, is_socket, buffer, sizeof buffer, taken, &count));
        CHECK_EQUAL(0, memcmp(buffer, "headbody", 8));
        CHECK_EQUAL(0, count);
        SUCCEED(kindred_close(to));
        CHECK_EQUAL(0, kindred_receive_part(from, is_socket, buffer, sizeof buffer, taken, &count));
        SUCCEED(kindred_close(from));
    }
}

static void a_full_stream_does_not_wait(void) {
    int ends[2];
    SUCCEED(kindred_socket_pair(SOCK_STREAM, ends)); /* without O_NONBLOCK: it is the call that does not wait */
    static char many[1 << 20];
    const struct kindred_parts parts = {.head = "head", .head_length = 4, .body = many, .body_length = sizeof many};
    int64_t sent = kindred_send_parts(ends[0], true, &parts, NULL, 0);
    CHECK(sent > 4 && sent < (int64_t) sizeof many);
    CHECK_EQUAL(-EAGAIN, kindred_send_parts(ends[0], true, &parts, NULL, 0));
    SUCCEED(kindred_close(ends[1]));
    CHECK_EQUAL(-EPIPE, kindred_send_parts(ends[0], true, &parts, NULL, 0));
    SUCCEED(kindred_close(ends[0]));
}

static void descriptors_go_with_frames(void) {
    int ends[2];
    SUCCEED(kindred_socket_pair(SOCK_STREAM, ends));
    int pipe[2];
    SUCCEED(kindred_pipe(O_NONBLOCK, pipe));
    const struct kindred_parts parts = {.head = "head", .head_length = 4};
    const struct kindred_parts none = {.head = "", .head_length = 0};
    CHECK_EQUAL(-EINVAL, kindred_send_parts(ends[0], true, &none, ends, 1));
    CHECK_EQUAL(-EMSGSIZE, kindred_send_parts(ends[0], true, &parts, ends, MANY + 1));
    CHECK_EQUAL(-ENOTSOCK, kindred_send_parts(pipe[1], false, &parts, ends, 1));
    CHECK_EQUAL(4, kindred_send_parts(ends[0], true, &parts, pipe, 2));
    char buffer[4];
    int taken[MANY];
    int count;
    CHECK_EQUAL(4, kindred_receive_part(ends[1], true, buffer, 4, taken, &count));
    CHECK_EQUAL(2, count);
    CHECK_EQUAL(FD_CLOEXEC, fcntl(taken[0], F_GETFD));
    close_both(taken);
    close_both(pipe);
    close_both(ends);
}

static void receive_part_at_the_limit_of_descriptors(void *argument) {
    const int *ends = argument;
    int highest = SUCCEED_INT(kindred_duplicate(ends[0]));
    struct rlimit limit;
    CHECK_EQUAL(0, getrlimit(RLIMIT_NOFILE, &limit));
    limit.rlim_cur = (rlim_t) highest + 2; /* room for one more */
    CHECK_EQUAL(0, setrlimit(RLIMIT_NOFILE, &limit));
    char buffer[4];
    int taken[MANY];
    int count;
    CHECK_EQUAL(4, kindred_receive_part(ends[1], true, buffer, 4, taken, &count));
    CHECK_EQUAL(-EMFILE, count);
    CHECK_EQUAL(highest + 1, kindred_duplicate(ends[0])); /* the one that had come is closed again */
    CHECK_EQUAL(4, kindred_receive_part(ends[1], true, buffer, 4, taken, &count));
    CHECK_EQUAL(0, count);
    CHECK_EQUAL(0, memcmp(buffer, "next", 4));
}

static void no_room_for_descriptors_loses_no_bytes(void) {
    int ends[2];
    SUCCEED(kindred_socket_pair(SOCK_STREAM, ends));
    const struct kindred_parts parts = {.head = "head", .head_length = 4};
    const struct kindred_parts next = {.head = "next", .head_length = 4};
    CHECK_EQUAL(4, kindred_send_parts(ends[0], true, &parts, ends, 2));
    CHECK_EQUAL(4, kindred_send_parts(ends[0], true, &next, NULL, 0));
    finish(start(receive_part_at_the_limit_of_descriptors, ends));
    close_both(ends);
}

static void connect_to(const struct kindred_inet *host) {
    int server = SUCCEED_INT(kindred_socket(host->length == 4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK));
    SUCCEED(kindred_set_option(server, SOL_SOCKET, SO_REUSEADDR, 1));
    SUCCEED(kindred_bind_inet(server, host));
    SUCCEED(kindred_listen(server, 1));
    struct kindred_inet address;
    SUCCEED(kindred_inet_name(server, false, &address));
    CHECK_EQUAL(host->length, address.length);
    CHECK_EQUAL(0, memcmp(host->address, address.address, host->length));
    CHECK(address.port != 0);
    int client = SUCCEED_INT(kindred_socket(host->length == 4 ? AF_INET : AF_INET6, SOCK_STREAM));
    SUCCEED(kindred_connect_inet(client, &address));
    CHECK_EQUAL(0, kindred_socket_error(client));
    SUCCEED(kindred_set_option(client, IPPROTO_TCP, TCP_NODELAY, 1));
    CHECK_EQUAL(POLLIN, kindred_poll(server, POLLIN, KINDRED_NO_DEADLINE));
    int accepted = SUCCEED_INT(kindred_accept(server));
    CHECK_EQUAL(-EAGAIN, kindred_accept(server));
    struct kindred_inet peer, own;
    SUCCEED(kindred_inet_name(accepted, true, &peer));
    SUCCEED(kindred_inet_name(client, false, &own));
    CHECK_EQUAL(own.port, peer.port);
    SUCCEED(kindred_close(accepted));
    SUCCEED(kindred_close(client));
    SUCCEED(kindred_close(server));
    client = SUCCEED_INT(kindred_socket(host->length == 4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK));
    int result = kindred_connect_inet(client, &address);
    if (result == -EINPROGRESS) {
        CHECK(kindred_poll(client, POLLOUT, KINDRED_NO_DEADLINE) != 0);
        result = -kindred_socket_error(client);
    }
    CHECK_EQUAL(-ECONNREFUSED, result);
    SUCCEED(kindred_close(client));
}

static void addresses_of_the_internet(void) {
    connect_to(&(struct kindred_inet) {.length = 4, .address = {127, 0, 0, 1}});
    int v6 = kindred_socket(AF_INET6, SOCK_STREAM);
    if (v6 >= 0) {
        SUCCEED(kindred_close(v6));
        struct kindred_inet loopback = {.length = 16};
        loopback.address[15] = 1;
        connect_to(&loopback);
    }
    int socket = SUCCEED_INT(kindred_socket(AF_INET, SOCK_STREAM));
    CHECK_EQUAL(-EINVAL, kindred_bind_inet(socket, &(struct kindred_inet) {.length = 5}));
    CHECK_EQUAL(-EINVAL, kindred_connect_inet(socket, &(struct kindred_inet) {.length = 4, .port = 65536}));
    struct kindred_inet name;
    CHECK_EQUAL(-ENOTCONN, kindred_inet_name(socket, true, &name));
    SUCCEED(kindred_close(socket));
    socket = SUCCEED_INT(kindred_socket(AF_UNIX, SOCK_STREAM));
    CHECK_EQUAL(-EAFNOSUPPORT, kindred_inet_name(socket, false, &name));
    SUCCEED(kindred_close(socket));
    CHECK_EQUAL(-EBADF, kindred_socket_error(socket));
    CHECK_EQUAL(-EBADF, kindred_set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1));
}

static void a_socket_file_has_the_mode_of_its_socket(void) {
    char path[] = "/tmp/kindred-test-XXXXXX";
    CHECK(mkdtemp(path) != NULL);
    char address[64];
    snprintf(address, sizeof address, "%s/socket", path);
    int socket = SUCCEED_INT(kindred_socket(AF_UNIX, SOCK_STREAM));
    SUCCEED(kindred_change_mode(socket, 0600));
    SUCCEED(kindred_bind_unix(socket, address, strlen(address)));
    struct stat status;
    CHECK_EQUAL(0, stat(address, &status));
    CHECK_EQUAL(0600, status.st_mode & 0777);
    SUCCEED(kindred_close(socket));
    CHECK_EQUAL(-EBADF, kindred_change_mode(socket, 0600));
    CHECK_EQUAL(0, unlink(address));
    CHECK_EQUAL(0, rmdir(path));
}

int main(void) {
    RUN(frames_are_gathered);
    RUN(a_full_stream_does_not_wait);
    RUN(descriptors_go_with_frames);
    RUN(no_room_for_descriptors_loses_no_bytes);
    RUN(addresses_of_the_internet);
    RUN(a_socket_file_has_the_mode_of_its_socket);
    RUN(pipes_end_with_their_writer);
    RUN(bytes_go_both_ways);
    RUN(descriptors_travel);
    RUN(most_descriptors_of_a_message);
    RUN(too_many_descriptors_are_closed);
    RUN(no_room_for_descriptors_is_an_error);
    RUN(messages_are_never_cut);
    RUN(abstract_addresses);
    RUN(addresses_with_a_path);
    RUN(wrong_addresses);
    return EXIT_SUCCESS;
}
