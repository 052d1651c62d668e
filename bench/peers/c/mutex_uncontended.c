/* Copyright 2026 the Kindred authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Acquires and releases a process-shared robust pthread mutex that nobody else wants. Figure: nanoseconds a pair. */
#include "peer.h"

static pthread_mutex_t *mutex;
static long iterations;

static double measure(void)
{
    int64_t start = now();
    for (long i = 0; i < iterations; i++) {
        pthread_mutex_lock(mutex);
        pthread_mutex_unlock(mutex);
    }
    return (double) (now() - start) / (double) iterations;
}

static void round_played(void)
{
    printf("%.3f\n", measure());
}

int main(int count, char **arguments)
{
    const char *usage = "ITERATIONS CORE";
    iterations = number_argument(count, arguments, 1, usage);
    pin(number_argument(count, arguments, 2, usage));
    mutex = shared_memory(4096);
    make_mutex(mutex, PTHREAD_MUTEX_ROBUST);
    measure();
    play_rounds(round_played);
    return 0;
}
