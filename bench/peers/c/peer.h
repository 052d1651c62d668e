/* Copyright 2026 the Kindred authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * What the peers in C have in common.
 *
 * A peer warms up with one round, prints "ready", and then plays one round for every line on its standard input, of which it prints the
 * figure on a line of its own. It ends at the end of its input. So it can be played by hand, too:
 *
 *     cc -O2 -pthread -o mutex_uncontended mutex_uncontended.c && yes | head -5 | ./mutex_uncontended 5000000 0
 */
#ifndef KINDRED_BENCH_PEER_H
#define KINDRED_BENCH_PEER_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* Ends the peer with what failed: a figure from half a set-up would be worse than none. */
static inline void check(int failed, const char *what)
{
    if (failed) {
        fprintf(stderr, "%s: %s\n", what, strerror(errno));
        exit(1);
    }
}

/* Nanoseconds of the monotonic clock, which is System.nanoTime() on Linux. */
static inline int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* The number given as argument number `index`, which the usage names. */
static inline long number_argument(int count, char **arguments, int index, const char *usage)
{
    char *end = NULL;
    long number = 0;
    if (index < count) {
        errno = 0;
        number = strtol(arguments[index], &end, 10);
    }
    if (end == NULL || *end != '\0' || end == arguments[index] || errno != 0 || number < 0) {
        fprintf(stderr, "usage: %s %s\n", arguments[0], usage);
        exit(2);
    }
    return number;
}

/* Keeps the calling thread on one core. */
static inline void pin(long core)
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET((size_t) core, &cores);
    check(sched_setaffinity(0, sizeof cores, &cores) != 0, "sched_setaffinity");
}

/* Zeroed memory of a memfd, mapped shared and touched, as the library's own is. */
static inline void *shared_memory(size_t bytes)
{
    int descriptor = memfd_create("kindred-peer", MFD_CLOEXEC);
    check(descriptor < 0, "memfd_create");
    check(posix_fallocate(descriptor, 0, (off_t) bytes) != 0, "posix_fallocate");
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    check(memory == MAP_FAILED, "mmap");
    close(descriptor);
    memset(memory, 0, bytes);
    return memory;
}

/* A process-shared mutex in `mutex`. */
static inline void make_mutex(pthread_mutex_t *mutex, int robustness)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, robustness);
    errno = pthread_mutex_init(mutex, &attributes);
    check(errno != 0, "pthread_mutex_init");
    pthread_mutexattr_destroy(&attributes);
}

/* Says "ready", then plays a round for every line of the standard input, up to its end. */
static inline void play_rounds(void (*round)(void))
{
    char line[64];
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        round();
        fflush(stdout);
    }
}

#endif
