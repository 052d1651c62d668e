/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */
#include "kindred.h"

#include <linux/futex.h>
#include <unistd.h>

#include "calls.h"

_Static_assert(KINDRED_WAIT_MAX == FUTEX_WAITV_MAX, "the kernel takes as many words as we promise");

/* A private word and a shared one never meet: the flag of the waiter must be the flag of the waker. */
static struct futex_waitv waiter(uint32_t *address, uint32_t value, bool shared) {
    return (struct futex_waitv) {
        .val = value,
        .uaddr = (uint64_t) (uintptr_t) address,
        .flags = FUTEX_32 | (shared ? 0U : FUTEX_PRIVATE_FLAG),
    };
}

static int wait_until(struct futex_waitv *waiters, unsigned int count, int64_t deadline) {
    struct timespec time = kindred_timespec(deadline);
    return kindred_result(
            syscall(SYS_futex_waitv, waiters, count, 0, deadline == KINDRED_NO_DEADLINE ? NULL : &time, CLOCK_MONOTONIC));
}

int kindred_futex_wake(uint32_t *word, int count, bool shared) {
    return kindred_result(syscall(SYS_futex, word, shared ? FUTEX_WAKE : FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0));
}

int kindred_futex_wait(uint32_t *object, uint32_t object_value, uint32_t *epoch, uint32_t epoch_value, uint32_t *interrupt,
                       uint32_t interrupt_value, int64_t deadline) {
    struct futex_waitv waiters[] = {
        waiter(object, object_value, true),
        waiter(epoch, epoch_value, true),
        waiter(interrupt, interrupt_value, false),
    };
    return wait_until(waiters, interrupt == NULL ? 2 : 3, deadline);
}

int kindred_futex_wait_many(const struct kindred_wait_word *words, int count, int64_t deadline) {
    if (count < 1 || count > KINDRED_WAIT_MAX) {
        return -EINVAL;
    }
    struct futex_waitv waiters[KINDRED_WAIT_MAX];
    for (int i = 0; i < count; i++) {
        waiters[i] = waiter(words[i].address, words[i].value, words[i].shared != 0);
    }
    return wait_until(waiters, (unsigned int) count, deadline);
}
