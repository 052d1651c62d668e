/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* What the tests have in common. A check that fails prints what was expected and what was there, and ends the program. */
#ifndef KINDRED_CHECK_H
#define KINDRED_CHECK_H

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHECK(condition) check_that((condition), __FILE__, __LINE__, #condition)
#define CHECK_EQUAL(expected, actual) check_equal((int64_t) (expected), (int64_t) (actual), __FILE__, __LINE__, #actual)
#define CHECK_TEXT(expected, actual) check_text((expected), (actual), __FILE__, __LINE__, #actual)

/* The value of a call that must succeed. */
#define SUCCEED(call) check_success((int64_t) (call), __FILE__, __LINE__, #call)
#define SUCCEED_INT(call) ((int) SUCCEED(call))

/* Runs one test, which leaves as many descriptors open as there were. */
#define RUN(test) run_test(#test, test)

/* Runs one that an emulated processor, whose system calls are only nearly those of Linux, cannot pass for the reason given. */
#define RUN_UNLESS_EMULATED(test, reason) (is_emulated() ? leave_out(#test, reason) : RUN(test))

#define MILLISECOND INT64_C(1000000)
#define SECOND INT64_C(1000000000)

static inline void check_that(bool holds, const char *file, int line, const char *text) {
    if (!holds) {
        fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, text);
        _exit(EXIT_FAILURE);
    }
}

static inline void check_equal(int64_t expected, int64_t actual, const char *file, int line, const char *text) {
    if (expected != actual) {
        fprintf(stderr, "%s:%d: %s is %lld and not %lld\n", file, line, text, (long long) actual, (long long) expected);
        _exit(EXIT_FAILURE);
    }
}

static inline void check_text(const char *expected, const char *actual, const char *file, int line, const char *text) {
    if (strcmp(expected, actual) != 0) {
        fprintf(stderr, "%s:%d: %s is \"%s\" and not \"%s\"\n", file, line, text, actual, expected);
        _exit(EXIT_FAILURE);
    }
}

static inline int64_t check_success(int64_t value, const char *file, int line, const char *text) {
    if (value < 0) {
        fprintf(stderr, "%s:%d: %s failed: %s\n", file, line, text, strerror((int) -value));
        _exit(EXIT_FAILURE);
    }
    return value;
}

static inline int open_descriptors(void) {
    DIR *folder = opendir("/proc/self/fd");
    CHECK(folder != NULL);
    int count = 0;
    while (readdir(folder) != NULL) {
        count++;
    }
    closedir(folder);
    return count;
}

static inline void run_test(const char *name, void (*test)(void)) {
    printf("%s\n", name);
    fflush(stdout);
    int before = open_descriptors();
    test();
    CHECK_EQUAL(before, open_descriptors());
    CHECK(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

static inline bool is_emulated(void) {
    return getenv("KINDRED_EMULATED") != NULL;
}

static inline void leave_out(const char *name, const char *reason) {
    printf("%s: left out: %s\n", name, reason);
}

static inline int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t) time.tv_sec * SECOND + time.tv_nsec;
}

static inline void pause_for(int64_t nanoseconds) {
    struct timespec time = {.tv_sec = nanoseconds / SECOND, .tv_nsec = nanoseconds % SECOND};
    nanosleep(&time, NULL);
}

/* Starts a process that runs a function and ends, at the latest with this one: a test that fails leaves nobody behind. */
static inline pid_t start(void (*body)(void *), void *argument) {
    fflush(stdout);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        body(argument);
        _exit(EXIT_SUCCESS);
    }
    return pid;
}

/* Waits for a process that must have found everything right. */
static inline void finish(pid_t pid) {
    int status;
    CHECK_EQUAL(pid, waitpid(pid, &status, 0));
    CHECK_EQUAL(0, status);
}

static inline void kill_and_reap(pid_t pid) {
    CHECK_EQUAL(0, kill(pid, SIGKILL));
    CHECK_EQUAL(pid, waitpid(pid, NULL, 0));
}

#endif
