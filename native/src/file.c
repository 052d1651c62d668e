/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */
#include "kindred.h"

#include <fcntl.h>
#include <linux/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "calls.h"

#define FIRST_ORDINARY_DESCRIPTOR 3

int kindred_open(const char *path, int flags, unsigned int mode) {
    int descriptor;
    do {
        descriptor = open(path, flags | O_CLOEXEC, (mode_t) mode);
    } while (descriptor < 0 && errno == EINTR);
    return kindred_result(descriptor);
}

int kindred_close(int descriptor) {
    return close(descriptor) < 0 && errno != EINTR ? -errno : 0;
}

int kindred_status(int descriptor, struct kindred_status *result) {
    /* By statx and not fstat, which glibc exports from 2.33 on only. */
    struct statx status;
    if (syscall(SYS_statx, descriptor, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &status) < 0) {
        return -errno;
    }
    *result = (struct kindred_status) {
        .size = (int64_t) status.stx_size,
        .device = (int64_t) makedev(status.stx_dev_major, status.stx_dev_minor),
        .inode = (int64_t) status.stx_ino,
        .links = status.stx_nlink,
        .uid = status.stx_uid,
        .mode = status.stx_mode,
        .blocks = (int64_t) status.stx_blocks,
    };
    return 0;
}

int64_t kindred_room(int descriptor) {
    struct statfs status;
    if (fstatfs(descriptor, &status) < 0) {
        return -errno;
    }
    /* The kernel's own tmpfs, where memfds lie, says that it has no blocks at all. */
    return status.f_blocks == 0 ? INT64_MAX : (int64_t) status.f_bavail * (int64_t) status.f_bsize;
}

int kindred_duplicate(int descriptor) {
    return kindred_result(fcntl(descriptor, F_DUPFD_CLOEXEC, FIRST_ORDINARY_DESCRIPTOR));
}

int kindred_duplicate_to(int from, int to) {
    if (from == to) {
        return fcntl(from, F_GETFD) < 0 ? -errno : to;
    }
    int result;
    do {
        result = dup3(from, to, to < FIRST_ORDINARY_DESCRIPTOR ? 0 : O_CLOEXEC);
    } while (result < 0 && (errno == EINTR || errno == EBUSY));
    return kindred_result(result);
}

int kindred_status_flags(int descriptor) {
    return kindred_result(fcntl(descriptor, F_GETFL));
}

int64_t kindred_read(int descriptor, void *buffer, size_t length) {
    ssize_t count;
    do {
        count = read(descriptor, buffer, length);
    } while (count < 0 && errno == EINTR);
    return kindred_long_result(count);
}

int64_t kindred_write(int descriptor, const void *buffer, size_t length) {
    ssize_t count;
    do {
        count = write(descriptor, buffer, length);
    } while (count < 0 && errno == EINTR);
    return kindred_long_result(count);
}
