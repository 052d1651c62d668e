/* Copyright 2026 the Kindred authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Two processes, each pinned to a core of its own, take turns at one process-shared pthread mutex (normal, not robust) as fast as they can. Figure:
 * nanoseconds that an acquire of process 0 takes at most, in 99.9 of 100 cases; then the median and the largest.
 */
#include "ensemble.h"

struct shared {
    _Alignas(128) pthread_mutex_t mutex;
    _Alignas(128) int64_t counter;
    _Alignas(128) _Atomic int ended;
};

static struct shared *shared;
static long samples;
static int64_t *times;

static int64_t acquire(void)
{
    int64_t start = now();
    pthread_mutex_lock(&shared->mutex);
    int64_t time = now() - start;
    shared->counter++;
    pthread_mutex_unlock(&shared->mutex);
    return time;
}

static void contend(int process)
{
    if (process == 0) {
        for (long i = 0; i < samples; i++) {
            times[i] = acquire();
        }
        atomic_store(&shared->ended, 1);
    } else {
        while (!atomic_load_explicit(&shared->ended, memory_order_relaxed)) {
            acquire();
        }
    }
}

static int compare(const void *left, const void *right)
{
    int64_t a = *(const int64_t *) left;
    int64_t b = *(const int64_t *) right;
    return (a > b) - (a < b);
}

static void round_played(void)
{
    atomic_store(&shared->ended, 0);
    ensemble_play();
    qsort(times, (size_t) samples, sizeof *times, compare);
    printf("%lld median=%lld worst=%lld\n", (long long) times[samples * 999 / 1000], (long long) times[samples / 2],
           (long long) times[samples - 1]);
}

int main(int count, char **arguments)
{
    const char *usage = "SAMPLES CORE OTHER-CORE";
    samples = number_argument(count, arguments, 1, usage);
    long cores[] = {number_argument(count, arguments, 2, usage), number_argument(count, arguments, 3, usage)};
    times = calloc((size_t) samples, sizeof *times);
    check(times == NULL, "calloc");
    shared = shared_memory(sizeof *shared);
    make_mutex(&shared->mutex, PTHREAD_MUTEX_STALLED);
    ensemble_start(2, cores, contend);
    play_rounds(round_played);
    return 0;
}
