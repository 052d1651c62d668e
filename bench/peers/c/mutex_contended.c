/* Copyright 2026 the Kindred authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Two processes, each pinned to a core of its own, take turns at one process-shared pthread mutex (normal, not robust) as fast as they can,
 * for a time; each adds one to a shared counter while it holds the mutex. Figure: nanoseconds a pair of acquire and release, of both
 * together; then what each process did a second.
 */
#include "peer.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>

/* How many pairs between two looks at the clock. */
#define BATCH 64

struct shared {
    _Alignas(128) pthread_mutex_t mutex;
    _Alignas(128) int64_t counter;
    _Alignas(128) _Atomic int ready;
    int64_t deadline;
    _Alignas(128) int64_t pairs[2];
};

static struct shared *shared;
static long milliseconds;
static int starts[2];
static int ends[2];

static int64_t contend(void)
{
    int64_t pairs = 0;
    do {
        for (int i = 0; i < BATCH; i++) {
            pthread_mutex_lock(&shared->mutex);
            shared->counter++;
            pthread_mutex_unlock(&shared->mutex);
        }
        pairs += BATCH;
    } while (now() < shared->deadline);
    return pairs;
}

/* The second process: sleeps between the rounds, so that it does not disturb whoever plays then. */
static void second(long core)
{
    char byte;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    pin(core);
    while (read(starts[0], &byte, 1) == 1) {
        atomic_store(&shared->ready, 1);
        while (atomic_load(&shared->ready) != 2) {
        }
        shared->pairs[1] = contend();
        check(write(ends[1], &byte, 1) != 1, "write");
    }
    _exit(0);
}

static void round_played(void)
{
    char byte = 0;
    atomic_store(&shared->ready, 0);
    shared->counter = 0;
    check(write(starts[1], &byte, 1) != 1, "write");
    while (atomic_load(&shared->ready) != 1) {
    }
    int64_t start = now();
    shared->deadline = start + milliseconds * 1000000;
    atomic_store(&shared->ready, 2);
    shared->pairs[0] = contend();
    check(read(ends[0], &byte, 1) != 1, "read");
    double elapsed = (double) (now() - start);
    int64_t pairs = shared->pairs[0] + shared->pairs[1];
    if (shared->counter != pairs) {
        fprintf(stderr, "the mutex let both in: counted %lld of %lld\n", (long long) shared->counter, (long long) pairs);
        exit(1);
    }
    printf("%.3f first=%.0f/s second=%.0f/s\n", elapsed / (double) pairs, (double) shared->pairs[0] * 1e9 / elapsed,
           (double) shared->pairs[1] * 1e9 / elapsed);
}

int main(int count, char **arguments)
{
    const char *usage = "MILLISECONDS CORE OTHER-CORE";
    milliseconds = number_argument(count, arguments, 1, usage);
    long core = number_argument(count, arguments, 2, usage);
    long other = number_argument(count, arguments, 3, usage);
    shared = shared_memory(sizeof *shared);
    make_mutex(&shared->mutex, PTHREAD_MUTEX_STALLED);
    check(pipe(starts) != 0 || pipe(ends) != 0, "pipe");
    pid_t child = fork();
    check(child < 0, "fork");
    if (child == 0) {
        close(starts[1]);
        second(other);
    }
    close(starts[0]);
    pin(core);
    play_rounds(round_played);
    return 0;
}
