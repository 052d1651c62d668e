/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */

#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <sys/mman.h>

#include "check.h"
#include "kindred.h"

static int value_of(sem_t *semaphore) {
    int value;
    CHECK_EQUAL(0, sem_getvalue(semaphore, &value));
    return value;
}

static void post_after_a_while(void *semaphore) {
    pause_for(20 * MILLISECOND);
    SUCCEED(kindred_semaphore_post(semaphore));
}

static void wait_on_named(void *name) {
    sem_t *semaphore = sem_open(name, 0);
    CHECK(semaphore != SEM_FAILED);
    CHECK_EQUAL(0, sem_wait(semaphore));
    CHECK_EQUAL(0, sem_close(semaphore));
}

static void named_semaphores_are_those_of_the_c_library(void) {
    char name[64];
    snprintf(name, sizeof name, "/kindred-test-%d", getpid());
    CHECK_EQUAL(-ENOENT, kindred_semaphore_open(name, 0, 0, 0));
    sem_t *semaphore = (sem_t *) (intptr_t) SUCCEED(kindred_semaphore_open(name, O_CREAT | O_EXCL, 0600, 1));
    CHECK_EQUAL(-EEXIST, kindred_semaphore_open(name, O_CREAT | O_EXCL, 0600, 1));
    CHECK_EQUAL(1, value_of(semaphore));
    CHECK_EQUAL(0, sem_wait(semaphore));
    pid_t waiter = start(wait_on_named, name);
    pause_for(20 * MILLISECOND);
    SUCCEED(kindred_semaphore_post(semaphore));
    finish(waiter);
    CHECK_EQUAL(0, value_of(semaphore));
    SUCCEED(kindred_semaphore_unlink(name));
    CHECK_EQUAL(-ENOENT, kindred_semaphore_unlink(name));
    SUCCEED(kindred_semaphore_post(semaphore)); /* lives on without its name */
    CHECK_EQUAL(1, value_of(semaphore));
    SUCCEED(kindred_semaphore_close(semaphore));
}

static void unnamed_semaphores_are_shared(void) {
    sem_t *semaphore = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(semaphore != MAP_FAILED);
    SUCCEED(kindred_semaphore_initialize(semaphore, 0));
    pid_t poster = start(post_after_a_while, semaphore);
    CHECK_EQUAL(0, sem_wait(semaphore));
    finish(poster);
    CHECK_EQUAL(0, munmap(semaphore, 4096));
}

static void values_have_a_limit(void) {
    sem_t semaphore;
    CHECK_EQUAL(-EINVAL, kindred_semaphore_initialize(&semaphore, (unsigned int) INT_MAX + 1));
    SUCCEED(kindred_semaphore_initialize(&semaphore, INT_MAX));
    CHECK_EQUAL(-EOVERFLOW, kindred_semaphore_post(&semaphore));
}

static void wrong_names(void) {
    CHECK(kindred_semaphore_open("/two/slashes", O_CREAT, 0600, 0) < 0);
    char name[300];
    memset(name, 'x', sizeof name);
    name[0] = '/';
    name[sizeof name - 1] = '\0';
    CHECK_EQUAL(-ENAMETOOLONG, kindred_semaphore_open(name, O_CREAT, 0600, 0));
}

int main(void) {
    RUN(named_semaphores_are_those_of_the_c_library);
    RUN(unnamed_semaphores_are_shared);
    RUN(values_have_a_limit);
    RUN(wrong_names);
    return EXIT_SUCCESS;
}
