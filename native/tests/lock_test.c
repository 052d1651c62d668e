/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */

#include <fcntl.h>
#include <sys/mman.h>

#include "check.h"
#include "kindred.h"

#define PAGE 4096

/* Another open file description of the same file. */
static int reopen(int descriptor) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    return SUCCEED_INT(kindred_open(path, O_RDWR, 0));
}

static void bytes_are_locked_one_by_one(void) {
    int first = SUCCEED_INT(kindred_memfd_create("bytes"));
    int second = reopen(first);
    SUCCEED(kindred_lock_byte(first, 7));
    SUCCEED(kindred_lock_byte(first, 7)); /* again: it is ours */
    CHECK_EQUAL(-EAGAIN, kindred_lock_byte(second, 7));
    SUCCEED(kindred_lock_byte(second, 8));
    CHECK_EQUAL(0, kindred_is_byte_locked(first, 7)); /* not by another */
    CHECK_EQUAL(1, kindred_is_byte_locked(first, 8));
    CHECK_EQUAL(1, kindred_is_byte_locked(second, 7));
    CHECK_EQUAL(0, kindred_is_byte_locked(second, 9));
    SUCCEED(kindred_unlock_byte(second, 7)); /* not ours: nothing happens */
    CHECK_EQUAL(1, kindred_is_byte_locked(second, 7));
    SUCCEED(kindred_unlock_byte(first, 7));
    SUCCEED(kindred_lock_byte(second, 7));
    SUCCEED(kindred_close(first));
    SUCCEED(kindred_close(second));
    CHECK_EQUAL(-EBADF, kindred_lock_byte(first, 0));
    CHECK_EQUAL(-EBADF, kindred_unlock_byte(first, 0));
    CHECK_EQUAL(-EBADF, kindred_is_byte_locked(first, 0));
}

static void closing_another_descriptor_keeps_the_lock(void) {
    int first = SUCCEED_INT(kindred_memfd_create("close"));
    int second = reopen(first);
    int third = reopen(first);
    SUCCEED(kindred_lock_byte(first, 0));
    SUCCEED(kindred_close(second)); /* a POSIX lock would be gone now */
    CHECK_EQUAL(1, kindred_is_byte_locked(third, 0));
    SUCCEED(kindred_close(first));
    CHECK_EQUAL(0, kindred_is_byte_locked(third, 0));
    SUCCEED(kindred_close(third));
}

/* Locks a byte through a description that only a mapping without right of inheritance holds, as a process's live byte is. */
static void hold_by_mapping(int memory) {
    int own = reopen(memory);
    SUCCEED(kindred_lock_byte(own, 3));
    void *mapping = (void *) (intptr_t) SUCCEED(kindred_map(own, 0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED));
    SUCCEED(kindred_advise(mapping, PAGE, MADV_DONTFORK));
    SUCCEED(kindred_close(own));
}

struct family {
    int memory;
    int told[2];
};

/* Not beyond the time that the test may take at most, should it fail. */
static void live_on(void *unused) {
    (void) unused;
    CHECK_EQUAL(0, prctl(PR_SET_PDEATHSIG, 0));
    alarm(60);
    pause();
}

static void be_parent(void *argument) {
    struct family *family = argument;
    hold_by_mapping(family->memory);
    pid_t child = start(live_on, NULL);
    CHECK_EQUAL(sizeof child, kindred_write(family->told[1], &child, sizeof child));
    pause();
}

static void lock_dies_with_its_process_and_not_with_a_forked_child(void) {
    struct family family = {.memory = SUCCEED_INT(kindred_memfd_create("live"))};
    SUCCEED(kindred_fallocate(family.memory, 0, 0, PAGE));
    SUCCEED(kindred_pipe(0, family.told));
    pid_t parent = start(be_parent, &family);
    pid_t child;
    CHECK_EQUAL(sizeof child, kindred_read(family.told[0], &child, sizeof child));
    CHECK_EQUAL(1, kindred_is_byte_locked(family.memory, 3));
    CHECK_EQUAL(0, kill(parent, SIGSTOP));
    pause_for(10 * MILLISECOND);
    CHECK_EQUAL(1, kindred_is_byte_locked(family.memory, 3)); /* stopped is not dead */

    int pidfd = SUCCEED_INT(kindred_pidfd_open(parent));
    CHECK_EQUAL(0, kill(parent, SIGKILL));
    CHECK(kindred_poll(pidfd, 1, now() + 10 * SECOND) > 0);
    CHECK_EQUAL(0, kindred_is_byte_locked(family.memory, 3)); /* the zombie does not hold it */
    CHECK_EQUAL(0, kill(child, 0));
    CHECK_EQUAL(0, kill(child, SIGKILL));
    CHECK_EQUAL(parent, waitpid(parent, NULL, 0));

    SUCCEED(kindred_close(pidfd));
    SUCCEED(kindred_close(family.memory));
    SUCCEED(kindred_close(family.told[0]));
    SUCCEED(kindred_close(family.told[1]));
}

int main(void) {
    RUN(bytes_are_locked_one_by_one);
    RUN(closing_another_descriptor_keeps_the_lock);
    RUN_UNLESS_EMULATED(lock_dies_with_its_process_and_not_with_a_forked_child, "the emulator does not follow MADV_DONTFORK");
    return EXIT_SUCCESS;
}
