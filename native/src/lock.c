/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */
#include "kindred.h"

#include <fcntl.h>
#include <unistd.h>

#include "calls.h"

/* l_pid has to be 0 for a lock of an open file description. */
static struct flock one_byte(short type, int64_t offset) {
    return (struct flock) {.l_type = type, .l_whence = SEEK_SET, .l_start = offset, .l_len = 1};
}

int kindred_lock_byte(int descriptor, int64_t offset) {
    struct flock lock = one_byte(F_WRLCK, offset);
    return kindred_result(fcntl(descriptor, F_OFD_SETLK, &lock));
}

int kindred_unlock_byte(int descriptor, int64_t offset) {
    struct flock lock = one_byte(F_UNLCK, offset);
    return kindred_result(fcntl(descriptor, F_OFD_SETLK, &lock));
}

int kindred_is_byte_locked(int descriptor, int64_t offset) {
    struct flock lock = one_byte(F_WRLCK, offset);
    if (fcntl(descriptor, F_OFD_GETLK, &lock) < 0) {
        return -errno;
    }
    return lock.l_type != F_UNLCK;
}
