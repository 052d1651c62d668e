/* Copyright 2026 the Kindred authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Two processes, each pinned to a core of its own, meet at a process-shared pthread_barrier again and again. Figure: nanoseconds a meeting. */
#include "ensemble.h"

static pthread_barrier_t *barrier;
static long meetings;

static void meet(int process)
{
    (void) process;
    for (long i = 0; i < meetings; i++) {
        pthread_barrier_wait(barrier);
    }
}

static void round_played(void)
{
    printf("%.1f\n", ensemble_play() / (double) meetings);
}

int main(int count, char **arguments)
{
    const char *usage = "MEETINGS CORE OTHER-CORE";
    meetings = number_argument(count, arguments, 1, usage);
    long cores[] = {number_argument(count, arguments, 2, usage), number_argument(count, arguments, 3, usage)};
    barrier = shared_memory(sizeof *barrier);
    pthread_barrierattr_t attributes;
    pthread_barrierattr_init(&attributes);
    pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    errno = pthread_barrier_init(barrier, &attributes, 2);
    check(errno != 0, "pthread_barrier_init");
    ensemble_start(2, cores, meet);
    play_rounds(round_played);
    return 0;
}
