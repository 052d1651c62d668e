/* Copyright 2026 the Kindred authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Takes and gives a permit of a process-shared sem_t that nobody else wants. Figure: nanoseconds a pair of sem_wait and sem_post. */
#include "peer.h"

#include <semaphore.h>

static sem_t *semaphore;
static long pairs;

static double nanoseconds_a_pair(void)
{
    int64_t start = now();
    for (long i = 0; i < pairs; i++) {
        sem_wait(semaphore);
        sem_post(semaphore);
    }
    return (double) (now() - start) / (double) pairs;
}

static void round_played(void)
{
    printf("%.3f\n", nanoseconds_a_pair());
}

int main(int count, char **arguments)
{
    const char *usage = "PAIRS CORE";
    pairs = number_argument(count, arguments, 1, usage);
    pin(number_argument(count, arguments, 2, usage));
    semaphore = shared_memory(sizeof *semaphore);
    check(sem_init(semaphore, 1, 1) != 0, "sem_init");
    (void) nanoseconds_a_pair();
    play_rounds(round_played);
    return 0;
}
