/* Copyright 2026 the Kindred authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Copies between two shared mappings with memcpy. Figure: milliseconds a copy. */
#include "peer.h"

static unsigned char *from;
static unsigned char *to;
static long iterations;
static size_t bytes;

static double measure(void)
{
    int64_t start = now();
    for (long i = 0; i < iterations; i++) {
        /* A byte differs each time, so that no compiler drops a copy. */
        from[(size_t) i % bytes]++;
        memcpy(to, from, bytes);
    }
    return (double) (now() - start) / 1e6 / (double) iterations;
}

static void round_played(void)
{
    printf("%.4f\n", measure());
}

int main(int count, char **arguments)
{
    const char *usage = "ITERATIONS CORE BYTES";
    iterations = number_argument(count, arguments, 1, usage);
    pin(number_argument(count, arguments, 2, usage));
    bytes = (size_t) number_argument(count, arguments, 3, usage);
    from = shared_memory(bytes);
    to = shared_memory(bytes);
    measure();
    play_rounds(round_played);
    return 0;
}
