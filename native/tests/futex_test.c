/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "check.h"
#include "kindred.h"

#define PAGE 4096
#define NO_WAITV "the emulator has no futex_waitv"

/* Words on one page that several processes map; each lies where only one of them is used. */
struct shared {
    _Atomic uint32_t object;
    char padding1[60];
    _Atomic uint32_t epoch;
    char padding2[60];
    _Atomic uint32_t waiting;
};

/* The kernel reads and compares the word itself; no C code sees these addresses as anything but atomic. */
static uint32_t *word(_Atomic uint32_t *atomic) {
    return (uint32_t *) atomic;
}

static struct shared *map(int memory) {
    return (struct shared *) (intptr_t) SUCCEED(kindred_map(memory, 0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED));
}

static int create(void) {
    int memory = SUCCEED_INT(kindred_memfd_create("futex"));
    SUCCEED(kindred_fallocate(memory, 0, 0, PAGE));
    return memory;
}

static int wait_for(struct shared *shared, _Atomic uint32_t *interrupt, int64_t deadline) {
    return kindred_futex_wait(word(&shared->object), 0, word(&shared->epoch), 0, interrupt == NULL ? NULL : word(interrupt), 0, deadline);
}

/* Wakes a word until somebody was there: a waiter says that it is going to wait, not that it waits. */
static void wake_one(_Atomic uint32_t *atomic, bool shared) {
    int64_t limit = now() + 10 * SECOND;
    int woken;
    while ((woken = SUCCEED_INT(kindred_futex_wake(word(atomic), 1, shared))) == 0) {
        CHECK(now() < limit);
        pause_for(MILLISECOND);
    }
    CHECK_EQUAL(1, woken);
}

static void wait_and_tell(void *memory) {
    struct shared *shared = map(*(int *) memory); /* at another address than the parent's */
    int index = wait_for(shared, NULL, KINDRED_NO_DEADLINE);
    CHECK(index == 0 || index == 1);
    atomic_store(&shared->waiting, (uint32_t) index + 1);
}

static void wakes_across_processes(void) {
    int memory = create();
    struct shared *shared = map(memory);
    pid_t waiter = start(wait_and_tell, &memory);
    wake_one(&shared->object, true);
    finish(waiter);
    CHECK_EQUAL(1, atomic_load(&shared->waiting));
    waiter = start(wait_and_tell, &memory);
    wake_one(&shared->epoch, true);
    finish(waiter);
    CHECK_EQUAL(2, atomic_load(&shared->waiting));
    SUCCEED(kindred_unmap(shared, PAGE));
    SUCCEED(kindred_close(memory));
}

static void words_that_differ_end_the_wait(void) {
    struct shared shared = {0};
    _Atomic uint32_t interrupt = 0;
    atomic_store(&shared.object, 1);
    CHECK_EQUAL(-EAGAIN, wait_for(&shared, &interrupt, KINDRED_NO_DEADLINE));
    atomic_store(&shared.object, 0);
    atomic_store(&shared.epoch, 1);
    CHECK_EQUAL(-EAGAIN, wait_for(&shared, &interrupt, KINDRED_NO_DEADLINE));
    atomic_store(&shared.epoch, 0);
    atomic_store(&interrupt, 1);
    CHECK_EQUAL(-EAGAIN, wait_for(&shared, &interrupt, KINDRED_NO_DEADLINE));
    CHECK_EQUAL(-ETIMEDOUT, wait_for(&shared, NULL, now() + MILLISECOND));
}

static void deadlines_are_absolute(void) {
    struct shared shared = {0};
    int64_t begin = now();
    CHECK_EQUAL(-ETIMEDOUT, wait_for(&shared, NULL, begin + 50 * MILLISECOND));
    int64_t end = now();
    CHECK(end >= begin + 50 * MILLISECOND);
    CHECK(end < begin + 5 * SECOND);
    CHECK_EQUAL(-ETIMEDOUT, wait_for(&shared, NULL, begin));
    CHECK_EQUAL(-ETIMEDOUT, wait_for(&shared, NULL, 0));
    CHECK_EQUAL(-ETIMEDOUT, wait_for(&shared, NULL, -1));
    CHECK_EQUAL(-ETIMEDOUT, wait_for(&shared, NULL, INT64_MIN));
}

struct waiter {
    pthread_t thread;
    struct shared *shared;
    _Atomic uint32_t interrupt;
    int64_t deadline;
    int result;
};

static void *run_waiter(void *argument) {
    struct waiter *waiter = argument;
    waiter->result = wait_for(waiter->shared, &waiter->interrupt, waiter->deadline);
    return NULL;
}

static void interrupt_word_is_private(void) {
    struct shared shared = {0};
    struct waiter waiter = {.shared = &shared, .deadline = KINDRED_NO_DEADLINE};
    CHECK_EQUAL(0, pthread_create(&waiter.thread, NULL, run_waiter, &waiter));
    wake_one(&waiter.interrupt, false);
    CHECK_EQUAL(0, pthread_join(waiter.thread, NULL));
    CHECK_EQUAL(2, waiter.result);
}

/* A waker that says the other kind than the waiter meets nobody. */
static void private_and_shared_never_meet(void) {
    struct shared shared = {0};
    struct waiter waiter = {.shared = &shared, .deadline = now() + 100 * MILLISECOND};
    CHECK_EQUAL(0, pthread_create(&waiter.thread, NULL, run_waiter, &waiter));
    int woken = 0;
    while (now() < waiter.deadline) {
        woken += SUCCEED_INT(kindred_futex_wake(word(&waiter.interrupt), 1, true));
        woken += SUCCEED_INT(kindred_futex_wake(word(&shared.object), 1, false));
        pause_for(MILLISECOND);
    }
    CHECK_EQUAL(0, pthread_join(waiter.thread, NULL));
    CHECK_EQUAL(0, woken);
    CHECK_EQUAL(-ETIMEDOUT, waiter.result);
}

struct many {
    pthread_t thread;
    _Atomic uint32_t words[KINDRED_WAIT_MAX];
    int result;
};

static void *run_many(void *argument) {
    struct many *many = argument;
    struct kindred_wait_word words[KINDRED_WAIT_MAX];
    for (int i = 0; i < KINDRED_WAIT_MAX; i++) {
        words[i] = (struct kindred_wait_word) {.address = word(&many->words[i]), .value = 0, .shared = i % 2 == 0};
    }
    many->result = kindred_futex_wait_many(words, KINDRED_WAIT_MAX, KINDRED_NO_DEADLINE);
    return NULL;
}

static void many_words(void) {
    const int woken[] = {0, 1, 77, KINDRED_WAIT_MAX - 1};
    for (size_t i = 0; i < sizeof woken / sizeof woken[0]; i++) {
        struct many many = {0};
        CHECK_EQUAL(0, pthread_create(&many.thread, NULL, run_many, &many));
        wake_one(&many.words[woken[i]], woken[i] % 2 == 0);
        CHECK_EQUAL(0, pthread_join(many.thread, NULL));
        CHECK_EQUAL(woken[i], many.result);
    }
}

static void wrong_waits(void) {
    uint32_t one = 0;
    struct kindred_wait_word words[] = {{.address = &one, .value = 0, .shared = 1}};
    CHECK_EQUAL(-EINVAL, kindred_futex_wait_many(words, 0, KINDRED_NO_DEADLINE));
    CHECK_EQUAL(-EINVAL, kindred_futex_wait_many(words, KINDRED_WAIT_MAX + 1, KINDRED_NO_DEADLINE));
    CHECK_EQUAL(-ETIMEDOUT, kindred_futex_wait_many(words, 1, 0));
    words[0].address = (uint32_t *) PAGE; /* the first page is never mapped, nor is the second here */
    CHECK_EQUAL(-EFAULT, kindred_futex_wait_many(words, 1, 0));
}

static void wrong_wakes(void) {
    uint32_t one = 0;
    CHECK_EQUAL(0, kindred_futex_wake(&one, 1, true));
    CHECK_EQUAL(-EFAULT, kindred_futex_wake((uint32_t *) PAGE, 1, true));
    CHECK_EQUAL(-EINVAL, kindred_futex_wake((uint32_t *) (PAGE + 1), 1, true));
}

static void take_signal(int signal) {
    (void) signal;
}

static void signals_end_the_wait(void) {
    struct sigaction action = {.sa_handler = take_signal}; /* without SA_RESTART */
    CHECK_EQUAL(0, sigaction(SIGALRM, &action, NULL));
    struct shared shared = {0};
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    CHECK_EQUAL(0, timer_create(CLOCK_MONOTONIC, &event, &timer));
    /* Again and again: the first may come before the wait has begun. */
    struct itimerspec often = {.it_interval.tv_nsec = 20 * MILLISECOND, .it_value.tv_nsec = 20 * MILLISECOND};
    CHECK_EQUAL(0, timer_settime(timer, 0, &often, NULL));
    CHECK_EQUAL(-EINTR, wait_for(&shared, NULL, KINDRED_NO_DEADLINE));
    timer_delete(timer);
    signal(SIGALRM, SIG_DFL);
}

int main(void) {
    RUN_UNLESS_EMULATED(wakes_across_processes, NO_WAITV);
    RUN_UNLESS_EMULATED(words_that_differ_end_the_wait, NO_WAITV);
    RUN_UNLESS_EMULATED(deadlines_are_absolute, NO_WAITV);
    RUN_UNLESS_EMULATED(interrupt_word_is_private, NO_WAITV);
    RUN_UNLESS_EMULATED(private_and_shared_never_meet, NO_WAITV);
    RUN_UNLESS_EMULATED(many_words, NO_WAITV);
    RUN_UNLESS_EMULATED(wrong_waits, NO_WAITV);
    RUN_UNLESS_EMULATED(signals_end_the_wait, NO_WAITV);
    RUN(wrong_wakes);
    return EXIT_SUCCESS;
}
