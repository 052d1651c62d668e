/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* What the C library's headers may lack on the oldest systems that are supported, and two small helpers of all the files. */
#ifndef KINDRED_CALLS_H
#define KINDRED_CALLS_H

#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>

/* The numbers of newer calls are the same on every architecture. */
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif

/* waitid's idtype for a pidfd: an enumerator in some headers and absent from others, never a macro. */
#define KINDRED_P_PIDFD 3

/* What getdents64 writes. */
struct kindred_directory_entry {
    uint64_t inode;
    int64_t offset;
    uint16_t length;
    uint8_t type;
    char name[];
};

#define KINDRED_NANOSECONDS_PER_SECOND INT64_C(1000000000)

/* Turns the -1 of a system call into -errno. */
static inline int kindred_result(long value) {
    return value < 0 ? -errno : (int) value;
}

/* The same for calls whose results need 64 bits. */
static inline int64_t kindred_long_result(int64_t value) {
    return value < 0 ? -errno : value;
}

static inline int64_t kindred_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * KINDRED_NANOSECONDS_PER_SECOND + now.tv_nsec;
}

/* A time that the kernel accepts: one before the clock's beginning has passed, as 0 has. */
static inline struct timespec kindred_timespec(int64_t nanoseconds) {
    int64_t time = nanoseconds < 0 ? 0 : nanoseconds;
    return (struct timespec) {
        .tv_sec = (time_t) (time / KINDRED_NANOSECONDS_PER_SECOND),
        .tv_nsec = (long) (time % KINDRED_NANOSECONDS_PER_SECOND),
    };
}

#endif
