/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */
#include "kindred.h"

#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "calls.h"

#define NANOSECONDS_PER_MILLISECOND INT64_C(1000000)

int kindred_epoll_create(void) {
    return kindred_result(epoll_create1(EPOLL_CLOEXEC));
}

int kindred_epoll_control(int epoll, int operation, int descriptor, uint32_t events, int64_t data) {
    struct epoll_event event = {.events = events, .data.u64 = (uint64_t) data};
    return kindred_result(epoll_ctl(epoll, operation, descriptor, &event));
}

/* What is left until a deadline, rounded up, so that nobody is woken early only to wait again. */
static int milliseconds_until(int64_t deadline) {
    int64_t left = deadline - kindred_now();
    if (left <= 0) {
        return 0;
    }
    int64_t milliseconds = (left + NANOSECONDS_PER_MILLISECOND - 1) / NANOSECONDS_PER_MILLISECOND;
    return milliseconds > INT_MAX ? INT_MAX : (int) milliseconds;
}

int kindred_epoll_wait(int epoll, struct kindred_event *events, int count, int milliseconds) {
    struct epoll_event ready[KINDRED_EVENTS_MAX];
    int limit = count < KINDRED_EVENTS_MAX ? count : KINDRED_EVENTS_MAX;
    int64_t deadline = milliseconds > 0 ? kindred_now() + milliseconds * NANOSECONDS_PER_MILLISECOND : 0;
    int found = epoll_wait(epoll, ready, limit, milliseconds);
    while (found < 0 && errno == EINTR) {
        found = epoll_wait(epoll, ready, limit, milliseconds > 0 ? milliseconds_until(deadline) : milliseconds);
    }
    for (int i = 0; i < found; i++) {
        events[i] = (struct kindred_event) {.events = ready[i].events, .data = (int64_t) ready[i].data.u64};
    }
    return kindred_result(found);
}

int kindred_event_create(void) {
    return kindred_result(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

int kindred_event_signal(int descriptor) {
    const uint64_t one = 1;
    int64_t result = kindred_write(descriptor, &one, sizeof one);
    /* A counter that is full is readable, and that is all that was wanted. */
    return result < 0 && result != -EAGAIN ? (int) result : 0;
}

int kindred_event_clear(int descriptor) {
    uint64_t count;
    int64_t result = kindred_read(descriptor, &count, sizeof count);
    if (result == -EAGAIN) {
        return 0;
    }
    return result < 0 ? (int) result : 1;
}

_Static_assert(sizeof(struct kindred_poll_item) == sizeof(struct pollfd), "items are passed on as they are");
_Static_assert(offsetof(struct kindred_poll_item, events) == offsetof(struct pollfd, events), "items are passed on as they are");
_Static_assert(offsetof(struct kindred_poll_item, ready) == offsetof(struct pollfd, revents), "items are passed on as they are");

int kindred_poll_many(struct kindred_poll_item *items, size_t count, int64_t deadline) {
    int result;
    do {
        struct timespec left = {0};
        if (deadline != KINDRED_NO_DEADLINE) {
            left = kindred_timespec(deadline - kindred_now());
        }
        result = ppoll((struct pollfd *) items, count, deadline == KINDRED_NO_DEADLINE ? NULL : &left, NULL);
    } while (result < 0 && errno == EINTR);
    return kindred_result(result);
}

int kindred_poll(int descriptor, int events, int64_t deadline) {
    struct kindred_poll_item item = {.descriptor = descriptor, .events = (int16_t) events};
    int result = kindred_poll_many(&item, 1, deadline);
    return result > 0 ? item.ready : result;
}
