/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */
#include "kindred.h"

#include <fcntl.h>
#include <semaphore.h>
#include <string.h>

#include "calls.h"

/*
 * glibc 2.34 moved these from libpthread to libc and gave them that version; the versions named here are those they always had, and that
 * every glibc still offers. The semaphore's words have been the same since 2.21.
 */
#if defined(__GLIBC__)
#if defined(__x86_64__)
#define OLDEST_VERSION "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define OLDEST_VERSION "GLIBC_2.17"
#else
#error "Kindred runs on x86_64 and aarch64"
#endif
__asm__(".symver sem_open,sem_open@" OLDEST_VERSION);
__asm__(".symver sem_init,sem_init@" OLDEST_VERSION);
__asm__(".symver sem_close,sem_close@" OLDEST_VERSION);
__asm__(".symver sem_unlink,sem_unlink@" OLDEST_VERSION);
__asm__(".symver sem_post,sem_post@" OLDEST_VERSION);
#endif

/* The file is called "sem." and the name. */
#define NAME_LIMIT 251

int64_t kindred_semaphore_open(const char *name, int flags, unsigned int mode, unsigned int value) {
    /* glibc reports a long name as EINVAL, as it does any other mistake. */
    if (strlen(name) > NAME_LIMIT + 1) {
        return -ENAMETOOLONG;
    }
    sem_t *semaphore;
    do {
        semaphore = sem_open(name, flags, (mode_t) mode, value);
    } while (semaphore == SEM_FAILED && errno == EINTR);
    return semaphore == SEM_FAILED ? -errno : (int64_t) (intptr_t) semaphore;
}

int kindred_semaphore_initialize(void *semaphore, unsigned int value) {
    return kindred_result(sem_init(semaphore, 1, value));
}

int kindred_semaphore_close(void *semaphore) {
    return kindred_result(sem_close(semaphore));
}

int kindred_semaphore_unlink(const char *name) {
    return kindred_result(sem_unlink(name));
}

int kindred_semaphore_post(void *semaphore) {
    return kindred_result(sem_post(semaphore));
}
