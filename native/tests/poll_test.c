/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "check.h"
#include "kindred.h"

static void events_ring_until_they_are_cleared(void) {
    int event = SUCCEED_INT(kindred_event_create());
    CHECK_EQUAL(FD_CLOEXEC, fcntl(event, F_GETFD));
    CHECK_EQUAL(0, kindred_event_clear(event));
    CHECK_EQUAL(0, kindred_poll(event, POLLIN, 0));
    SUCCEED(kindred_event_signal(event));
    SUCCEED(kindred_event_signal(event));
    CHECK_EQUAL(POLLIN, kindred_poll(event, POLLIN, KINDRED_NO_DEADLINE));
    CHECK_EQUAL(1, kindred_event_clear(event));
    CHECK_EQUAL(0, kindred_event_clear(event));
    const uint64_t full = UINT64_MAX - 1;
    CHECK_EQUAL(sizeof full, kindred_write(event, &full, sizeof full));
    SUCCEED(kindred_event_signal(event)); /* does not fit, and need not */
    CHECK_EQUAL(1, kindred_event_clear(event));
    SUCCEED(kindred_close(event));
    CHECK_EQUAL(-EBADF, kindred_event_signal(event));
    CHECK_EQUAL(-EBADF, kindred_event_clear(event));
}

static void poll_keeps_its_deadline(void) {
    int event = SUCCEED_INT(kindred_event_create());
    int64_t begin = now();
    CHECK_EQUAL(0, kindred_poll(event, POLLIN, begin + 30 * MILLISECOND));
    CHECK(now() >= begin + 30 * MILLISECOND);
    CHECK_EQUAL(0, kindred_poll(event, POLLIN, INT64_MIN / 2));
    SUCCEED(kindred_close(event));
    CHECK_EQUAL(POLLNVAL, kindred_poll(event, POLLIN, KINDRED_NO_DEADLINE));
}

static void epoll_returns_what_was_given(void) {
    int epoll = SUCCEED_INT(kindred_epoll_create());
    CHECK_EQUAL(FD_CLOEXEC, fcntl(epoll, F_GETFD));
    int first = SUCCEED_INT(kindred_event_create());
    int second = SUCCEED_INT(kindred_event_create());
    const int64_t data = INT64_C(-0x123456789abcdef);
    SUCCEED(kindred_epoll_control(epoll, EPOLL_CTL_ADD, first, EPOLLIN, data));
    CHECK_EQUAL(-EEXIST, kindred_epoll_control(epoll, EPOLL_CTL_ADD, first, EPOLLIN, data));
    SUCCEED(kindred_epoll_control(epoll, EPOLL_CTL_ADD, second, EPOLLIN, 2));
    struct kindred_event events[2];
    CHECK_EQUAL(0, kindred_epoll_wait(epoll, events, 2, 0));
    SUCCEED(kindred_event_signal(first));
    CHECK_EQUAL(1, kindred_epoll_wait(epoll, events, 2, -1));
    CHECK_EQUAL(EPOLLIN, events[0].events);
    CHECK_EQUAL(data, events[0].data);
    SUCCEED(kindred_event_signal(second));
    CHECK_EQUAL(1, kindred_epoll_wait(epoll, events, 1, -1)); /* no more than asked for */
    CHECK_EQUAL(2, kindred_epoll_wait(epoll, events, 2, -1));
    SUCCEED(kindred_epoll_control(epoll, EPOLL_CTL_MOD, second, 0, 2));
    SUCCEED(kindred_epoll_control(epoll, EPOLL_CTL_DEL, first, 0, 0));
    CHECK_EQUAL(-ENOENT, kindred_epoll_control(epoll, EPOLL_CTL_DEL, first, 0, 0));
    int64_t begin = now();
    CHECK_EQUAL(0, kindred_epoll_wait(epoll, events, 2, 30));
    CHECK(now() >= begin + 29 * MILLISECOND);
    CHECK_EQUAL(-EINVAL, kindred_epoll_wait(epoll, events, 0, 0));
    CHECK_EQUAL(-EINVAL, kindred_epoll_wait(first, events, 1, 0));
    SUCCEED(kindred_close(first));
    SUCCEED(kindred_close(second));
    SUCCEED(kindred_close(epoll));
}

static void epoll_hears_the_other_end_close(void) {
    int epoll = SUCCEED_INT(kindred_epoll_create());
    int ends[2];
    SUCCEED(kindred_socket_pair(SOCK_STREAM, ends));
    SUCCEED(kindred_epoll_control(epoll, EPOLL_CTL_ADD, ends[0], 0, 1));
    SUCCEED(kindred_close(ends[1]));
    struct kindred_event event;
    CHECK_EQUAL(1, kindred_epoll_wait(epoll, &event, 1, -1));
    CHECK(event.events & EPOLLHUP);
    SUCCEED(kindred_close(ends[0]));
    SUCCEED(kindred_close(epoll));
}

static void take_signal(int signal) {
    (void) signal;
}

static void signals_do_not_end_a_wait(void) {
    struct sigaction action = {.sa_handler = take_signal};
    CHECK_EQUAL(0, sigaction(SIGALRM, &action, NULL));
    timer_t timer;
    struct sigevent notify = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    CHECK_EQUAL(0, timer_create(CLOCK_MONOTONIC, &notify, &timer));
    struct itimerspec often = {.it_interval.tv_nsec = 5 * MILLISECOND, .it_value.tv_nsec = 5 * MILLISECOND};
    CHECK_EQUAL(0, timer_settime(timer, 0, &often, NULL));
    int event = SUCCEED_INT(kindred_event_create());
    int epoll = SUCCEED_INT(kindred_epoll_create());
    struct kindred_event none;
    int64_t begin = now();
    CHECK_EQUAL(0, kindred_epoll_wait(epoll, &none, 1, 50));
    CHECK(now() >= begin + 49 * MILLISECOND);
    begin = now();
    CHECK_EQUAL(0, kindred_poll(event, POLLIN, begin + 50 * MILLISECOND));
    CHECK(now() >= begin + 50 * MILLISECOND);
    timer_delete(timer);
    signal(SIGALRM, SIG_DFL);
    SUCCEED(kindred_close(epoll));
    SUCCEED(kindred_close(event));
}

static void many_are_polled_at_once(void) {
    struct kindred_poll_item items[] = {
        {.descriptor = SUCCEED_INT(kindred_event_create()), .events = POLLIN},
        {.descriptor = SUCCEED_INT(kindred_event_create()), .events = POLLIN},
    };
    int64_t begin = now();
    CHECK_EQUAL(0, kindred_poll_many(items, 2, begin + 20 * MILLISECOND));
    CHECK(now() >= begin + 20 * MILLISECOND);
    SUCCEED(kindred_event_signal(items[1].descriptor));
    CHECK_EQUAL(1, kindred_poll_many(items, 2, KINDRED_NO_DEADLINE));
    CHECK_EQUAL(0, items[0].ready);
    CHECK_EQUAL(POLLIN, items[1].ready);
    SUCCEED(kindred_close(items[0].descriptor));
    CHECK_EQUAL(2, kindred_poll_many(items, 2, 0));
    CHECK_EQUAL(POLLNVAL, items[0].ready);
    SUCCEED(kindred_close(items[1].descriptor));
}

int main(void) {
    RUN(many_are_polled_at_once);
    RUN(events_ring_until_they_are_cleared);
    RUN(poll_keeps_its_deadline);
    RUN(epoll_returns_what_was_given);
    RUN(epoll_hears_the_other_end_close);
    RUN(signals_do_not_end_a_wait);
    return EXIT_SUCCESS;
}
