/* Copyright 2026 the Kindred authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Some processes on two cores take turns at one process-shared pthread mutex (normal, not robust) as fast as they can, for a time; each adds one
 * to a shared counter while it holds the mutex. Figure: nanoseconds a pair of acquire and release, of all together; then what each
 * process did a second, and what a fair share is of what the least of them got.
 */
#include "ensemble.h"

#define MOST 16

/* How many pairs between two looks at the clock. */
#define BATCH 64

struct shared {
    _Alignas(128) pthread_mutex_t mutex;
    _Alignas(128) int64_t counter;
    struct {
        _Alignas(128) int64_t pairs;
    } process[MOST];
};

static struct shared *shared;
static long milliseconds;
static int processes;

static void contend(int process)
{
    int64_t deadline = now() + milliseconds * 1000000;
    int64_t pairs = 0;
    do {
        for (int i = 0; i < BATCH; i++) {
            pthread_mutex_lock(&shared->mutex);
            shared->counter++;
            pthread_mutex_unlock(&shared->mutex);
        }
        pairs += BATCH;
    } while (now() < deadline);
    shared->process[process].pairs = pairs;
}

static void round_played(void)
{
    shared->counter = 0;
    double elapsed = ensemble_play();
    int64_t pairs = 0;
    int64_t least = INT64_MAX;
    for (int i = 0; i < processes; i++) {
        int64_t own = shared->process[i].pairs;
        pairs += own;
        least = own < least ? own : least;
    }
    if (shared->counter != pairs) {
        fprintf(stderr, "the mutex let two in: counted %lld of %lld\n", (long long) shared->counter, (long long) pairs);
        exit(1);
    }
    printf("%.3f", elapsed / (double) pairs);
    for (int i = 0; i < processes; i++) {
        printf(" p%d=%.0f/s", i, (double) shared->process[i].pairs * 1e9 / elapsed);
    }
    printf(" fair/least=%.2f\n", (double) pairs / processes / (double) least);
}

int main(int count, char **arguments)
{
    const char *usage = "MILLISECONDS CORE OTHER-CORE PROCESSES";
    milliseconds = number_argument(count, arguments, 1, usage);
    long cores[] = {number_argument(count, arguments, 2, usage), number_argument(count, arguments, 3, usage)};
    processes = (int) number_argument(count, arguments, 4, usage);
    if (processes < 1 || processes > MOST) {
        fprintf(stderr, "1 to %d processes\n", MOST);
        return 2;
    }
    shared = shared_memory(sizeof *shared);
    make_mutex(&shared->mutex, PTHREAD_MUTEX_STALLED);
    ensemble_start(processes, cores, contend);
    play_rounds(round_played);
    return 0;
}
