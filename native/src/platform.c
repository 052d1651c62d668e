/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */
#include "kindred.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls.h"

/* Errors: glibc names them from 2.32 on only, and musl not at all. */

static const char *name_of(int number) {
    switch (number) {
#define NAME(symbol) \
    case symbol: \
        return #symbol
#include "errors.h"
#undef NAME
        default:
            return NULL;
    }
}

int kindred_errno_name(int number, char *result, size_t length) {
    const char *name = name_of(number);
    if (name != NULL) {
        snprintf(result, length, "%s", name);
    } else {
        snprintf(result, length, "E%d", number);
    }
    return 0;
}

int kindred_errno_text(int number, char *result, size_t length) {
#if defined(__GLIBC__)
    /* GNU's variant returns the text, which need not lie in the buffer. */
    char buffer[256];
    snprintf(result, length, "%s", strerror_r(number, buffer, sizeof buffer));
#else
    strerror_r(number, result, length);
#endif
    return 0;
}

/* The floor */

static int check_waitv(void) {
    /* No words: an error that only a kernel that knows the call gives. */
    long result = syscall(SYS_futex_waitv, NULL, 0, 0, NULL, CLOCK_MONOTONIC);
    return result < 0 && errno == EINVAL ? 0 : -errno;
}

static int check_memory(const char **missing) {
    *missing = "memfd_create";
    int memory = kindred_memfd_create("kindred-check");
    if (memory < 0) {
        return memory;
    }
    *missing = "fallocate";
    int failure = kindred_fallocate(memory, 0, 0, 1);
    if (failure == 0) {
        *missing = "fcntl(F_ADD_SEALS)";
        failure = kindred_add_seals(memory, F_SEAL_SHRINK);
    }
    if (failure == 0) {
        *missing = "statx";
        struct kindred_status status;
        failure = kindred_status(memory, &status);
    }
    if (failure == 0) {
        *missing = "fcntl(F_OFD_SETLK)";
        failure = kindred_lock_byte(memory, 0);
    }
    close(memory);
    return failure;
}

static int check_processes(const char **missing) {
    *missing = "pidfd_open";
    int self = kindred_pidfd_open(getpid());
    if (self < 0) {
        return self;
    }
    *missing = "pidfd_send_signal";
    int failure = kindred_pidfd_send_signal(self, 0);
    if (failure == 0) {
        *missing = "waitid(P_PIDFD)";
        failure = kindred_wait_child(self, false);
        if (failure == -ECHILD) { /* nobody is its own child */
            failure = 0;
        }
    }
    close(self);
    return failure;
}

static int check_descriptors(const char **missing) {
    *missing = "eventfd2";
    int event = kindred_event_create();
    if (event < 0) {
        return event;
    }
    close(event);
    *missing = "epoll_create1";
    int epoll = kindred_epoll_create();
    if (epoll < 0) {
        return epoll;
    }
    close(epoll);
    *missing = "socketpair(AF_UNIX)";
    int ends[2];
    int failure = kindred_socket_pair(SOCK_STREAM, ends);
    if (failure == 0) {
        close(ends[0]);
        close(ends[1]);
    }
    return failure;
}

int kindred_check_floor(const char **missing) {
    *missing = "futex_waitv";
    int failure = check_waitv();
    if (failure == 0) {
        failure = check_memory(missing);
    }
    if (failure == 0) {
        failure = check_processes(missing);
    }
    if (failure == 0) {
        failure = check_descriptors(missing);
    }
    return failure;
}
