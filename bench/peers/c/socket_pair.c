/* Copyright 2026 the Kindred authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Two processes, each pinned to a core of its own, send messages of BYTES bytes to each other and back over a pair of Unix stream sockets, by blocking calls.
 * Figure: nanoseconds a round trip.
 */
#include "ensemble.h"

#include <sys/socket.h>

static int sockets[2];
static long round_trips;
static long bytes;
static char *message;

static void send_message(int socket)
{
    for (long sent = 0; sent < bytes;) {
        ssize_t now_sent = write(socket, message + sent, (size_t) (bytes - sent));
        check(now_sent <= 0, "write");
        sent += now_sent;
    }
}

static void receive_message(int socket)
{
    for (long received = 0; received < bytes;) {
        ssize_t now_received = read(socket, message + received, (size_t) (bytes - received));
        check(now_received <= 0, "read");
        received += now_received;
    }
}

static void exchange(int process)
{
    int socket = sockets[process];
    for (long i = 0; i < round_trips; i++) {
        if (process == 0) {
            send_message(socket);
            receive_message(socket);
        } else {
            receive_message(socket);
            send_message(socket);
        }
    }
}

static void round_played(void)
{
    printf("%.1f\n", ensemble_play() / (double) round_trips);
}

int main(int count, char **arguments)
{
    const char *usage = "ROUND-TRIPS CORE OTHER-CORE BYTES";
    round_trips = number_argument(count, arguments, 1, usage);
    long cores[] = {number_argument(count, arguments, 2, usage), number_argument(count, arguments, 3, usage)};
    bytes = number_argument(count, arguments, 4, usage);
    message = calloc(1, (size_t) bytes);
    check(message == NULL, "calloc");
    check(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0, "socketpair");
    ensemble_start(2, cores, exchange);
    play_rounds(round_played);
    return 0;
}
