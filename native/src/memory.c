/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */
#include "kindred.h"

#include <fcntl.h>
#include <linux/memfd.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "calls.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

#define FOLDER "/dev/shm/"
#define DESCRIPTORS "/proc/self/fd/"
#define DESCRIPTOR_DIGITS 10
#define NAME_LIMIT 255
#define RESERVE_STEP (INT64_C(16) << 20)

int kindred_memfd_create(const char *name) {
    /* Where vm.memfd_noexec is 2 only a memfd without the right to execute may be made; kernels before 6.3 do not know the flag. */
    long descriptor = syscall(SYS_memfd_create, name, MFD_CLOEXEC | MFD_NOEXEC_SEAL);
    if (descriptor < 0 && errno == EINVAL) {
        descriptor = syscall(SYS_memfd_create, name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    }
    return kindred_result(descriptor);
}

int kindred_add_seals(int descriptor, int seals) {
    return kindred_result(fcntl(descriptor, F_ADD_SEALS, seals));
}

/*
 * shm_open lies in librt before glibc 2.34 and in libc after, under versions that no one library can name. All that it does, there and in
 * musl, is this.
 */
static int path_of(const char *name, char path[sizeof FOLDER + NAME_LIMIT]) {
    if (name[0] != '/') {
        return -EINVAL;
    }
    size_t length = strlen(name + 1);
    if (length == 0 || strchr(name + 1, '/') != NULL || strcmp(name, "/.") == 0 || strcmp(name, "/..") == 0) {
        return -EINVAL;
    }
    if (length > NAME_LIMIT) {
        return -ENAMETOOLONG;
    }
    memcpy(path, FOLDER, sizeof FOLDER - 1);
    memcpy(path + sizeof FOLDER - 1, name + 1, length + 1);
    return 0;
}

int kindred_shared_memory_open(const char *name, int flags, unsigned int mode) {
    char path[sizeof FOLDER + NAME_LIMIT];
    int failure = path_of(name, path);
    return failure < 0 ? failure : kindred_open(path, flags | O_NOFOLLOW | O_NONBLOCK, mode);
}

int kindred_shared_memory_unlink(const char *name) {
    char path[sizeof FOLDER + NAME_LIMIT];
    int failure = path_of(name, path);
    return failure < 0 ? failure : kindred_result(unlink(path));
}

int kindred_shared_memory_create_unnamed(unsigned int mode) {
    return kindred_open(FOLDER, O_TMPFILE | O_RDWR, mode);
}

int kindred_shared_memory_link(int descriptor, const char *name) {
    char path[sizeof FOLDER + NAME_LIMIT];
    int failure = path_of(name, path);
    if (failure < 0) {
        return failure;
    }
    if (descriptor < 0) {
        return -EBADF;
    }
    /* By way of /proc: AT_EMPTY_PATH takes a capability. */
    char source[sizeof DESCRIPTORS + DESCRIPTOR_DIGITS];
    snprintf(source, sizeof source, DESCRIPTORS "%d", descriptor);
    return kindred_result(linkat(AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW));
}

int kindred_truncate(int descriptor, int64_t size) {
    int result;
    do {
        result = ftruncate(descriptor, size);
    } while (result < 0 && errno == EINTR);
    return kindred_result(result);
}

int kindred_fallocate(int descriptor, int mode, int64_t offset, int64_t length) {
    if (length <= 0) {
        return -EINVAL;
    }
    while (length > 0) {
        int64_t step = length < RESERVE_STEP ? length : RESERVE_STEP;
        if (fallocate(descriptor, mode, offset, step) == 0) {
            offset += step;
            length -= step;
        } else if (errno != EINTR) {
            return -errno;
        }
    }
    return 0;
}

int64_t kindred_map(int descriptor, int64_t offset, size_t length, int protection, int flags) {
    void *address = mmap(NULL, length, protection, flags, descriptor, offset);
    return address == MAP_FAILED ? -errno : (int64_t) (intptr_t) address;
}

int kindred_map_over(void *address, size_t length, int descriptor, int protection, int flags) {
    return mmap(address, length, protection, flags | MAP_FIXED, descriptor, 0) == MAP_FAILED ? -errno : 0;
}

int kindred_unmap(void *address, size_t length) {
    return kindred_result(munmap(address, length));
}

int kindred_advise(void *address, size_t length, int advice) {
    int result;
    do {
        result = madvise(address, length, advice);
    } while (result < 0 && errno == EINTR);
    return kindred_result(result);
}
