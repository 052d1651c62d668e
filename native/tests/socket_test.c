/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>

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

int main(void) {
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
