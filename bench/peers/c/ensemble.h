/* Copyright 2026 the Kindred authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Several processes that play rounds together: process 0 is the one that was started, the others are its children. Process i is pinned to
 * core i of the two, in turns. Between the rounds the children sleep, so that they do not disturb whoever plays then.
 */
#ifndef KINDRED_BENCH_ENSEMBLE_H
#define KINDRED_BENCH_ENSEMBLE_H

#include "peer.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>

/* What a process does in a round. It is called in all processes at once. */
typedef void part(int process);

static struct ensemble {
    _Alignas(128) _Atomic int ready;
    _Alignas(128) _Atomic int go;
} *ensemble_state;

static int ensemble_size;
static part *ensemble_part;
static int ensemble_starts[2];
static int ensemble_ends[2];

static inline void ensemble_member(int process, long core)
{
    char byte;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    pin(core);
    close(ensemble_starts[1]);
    while (read(ensemble_starts[0], &byte, 1) == 1) {
        int round = atomic_load(&ensemble_state->go);
        atomic_fetch_add(&ensemble_state->ready, 1);
        while (atomic_load(&ensemble_state->go) == round) {
        }
        ensemble_part(process);
        check(write(ensemble_ends[1], &byte, 1) != 1, "write");
    }
    _exit(0);
}

/* Starts the other processes. */
static inline void ensemble_start(int size, const long *cores, part *what)
{
    ensemble_state = shared_memory(sizeof *ensemble_state);
    ensemble_size = size;
    ensemble_part = what;
    check(pipe(ensemble_starts) != 0 || pipe(ensemble_ends) != 0, "pipe");
    for (int process = 1; process < size; process++) {
        pid_t child = fork();
        check(child < 0, "fork");
        if (child == 0) {
            ensemble_member(process, cores[process % 2]);
        }
    }
    close(ensemble_starts[0]);
    pin(cores[0]);
}

/* Plays a round. Returns how many nanoseconds passed from the moment all began until all had ended. */
static inline double ensemble_play(void)
{
    char byte = 0;
    atomic_store(&ensemble_state->ready, 0);
    for (int process = 1; process < ensemble_size; process++) {
        check(write(ensemble_starts[1], &byte, 1) != 1, "write");
    }
    while (atomic_load(&ensemble_state->ready) != ensemble_size - 1) {
        sched_yield();
    }
    int64_t start = now();
    atomic_fetch_add(&ensemble_state->go, 1);
    ensemble_part(0);
    for (int process = 1; process < ensemble_size; process++) {
        check(read(ensemble_ends[0], &byte, 1) != 1, "read");
    }
    return (double) (now() - start);
}

#endif
