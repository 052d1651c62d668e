/* Copyright 2026 the Kindred authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Two processes, each pinned to a core of its own, hand a permit to each other and back through two semaphores. With SPIN, in nanoseconds, of 0
 * they are process-shared sem_t, which sleep at once; else they are the least that can be written by hand: a word that a waiter watches
 * for so long before it sleeps on a futex. Figure: nanoseconds a round trip.
 */
#include "ensemble.h"

#include <linux/futex.h>
#include <semaphore.h>
#include <sys/syscall.h>

/* A word: permits, and whether somebody sleeps. */
struct spinning {
    _Alignas(128) _Atomic uint32_t permits;
    _Atomic uint32_t sleepers;
};

struct shared {
    struct {
        _Alignas(128) sem_t semaphore;
    } plain[2];
    struct spinning spinning[2];
};

static struct shared *shared;
static long round_trips;
static long spin_nanoseconds;

static int take(struct spinning *semaphore)
{
    uint32_t permits = atomic_load(&semaphore->permits);
    return permits > 0 && atomic_compare_exchange_strong(&semaphore->permits, &permits, permits - 1);
}

static void spinning_wait(struct spinning *semaphore)
{
    int64_t end = now() + spin_nanoseconds;
    for (unsigned pauses = 1;; pauses = pauses < 64 ? pauses * 2 : 64) {
        if (take(semaphore)) {
            return;
        }
        if (now() >= end) {
            break;
        }
        for (unsigned i = 0; i < pauses; i++) {
#if defined(__x86_64__)
            __builtin_ia32_pause();
#else
            __asm__ __volatile__("yield");
#endif
        }
    }
    atomic_store(&semaphore->sleepers, 1);
    while (!take(semaphore)) {
        syscall(SYS_futex, &semaphore->permits, FUTEX_WAIT, 0, NULL, NULL, 0);
    }
    atomic_store(&semaphore->sleepers, 0);
}

static void spinning_post(struct spinning *semaphore)
{
    atomic_fetch_add(&semaphore->permits, 1);
    if (atomic_load(&semaphore->sleepers)) {
        syscall(SYS_futex, &semaphore->permits, FUTEX_WAKE, 1, NULL, NULL, 0);
    }
}

static void wait_for(int which)
{
    if (spin_nanoseconds > 0) {
        spinning_wait(&shared->spinning[which]);
    } else {
        while (sem_wait(&shared->plain[which].semaphore) != 0) {
        }
    }
}

static void post(int which)
{
    if (spin_nanoseconds > 0) {
        spinning_post(&shared->spinning[which]);
    } else {
        sem_post(&shared->plain[which].semaphore);
    }
}

static void hand_over(int process)
{
    for (long i = 0; i < round_trips; i++) {
        if (process == 0) {
            post(0);
            wait_for(1);
        } else {
            wait_for(0);
            post(1);
        }
    }
}

static void round_played(void)
{
    printf("%.1f\n", ensemble_play() / (double) round_trips);
}

int main(int count, char **arguments)
{
    const char *usage = "ROUND-TRIPS CORE OTHER-CORE SPIN";
    round_trips = number_argument(count, arguments, 1, usage);
    long cores[] = {number_argument(count, arguments, 2, usage), number_argument(count, arguments, 3, usage)};
    spin_nanoseconds = number_argument(count, arguments, 4, usage);
    shared = shared_memory(sizeof *shared);
    check(sem_init(&shared->plain[0].semaphore, 1, 0) != 0 || sem_init(&shared->plain[1].semaphore, 1, 0) != 0, "sem_init");
    ensemble_start(2, cores, hand_over);
    play_rounds(round_played);
    return 0;
}
