/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */

#include <fcntl.h>
#include <sys/stat.h>

#include "check.h"
#include "kindred.h"

static void open_reads_and_writes(void) {
    char path[] = "/tmp/kindred-test-XXXXXX";
    CHECK(mkdtemp(path) != NULL);
    char file[64];
    snprintf(file, sizeof file, "%s/file", path);
    CHECK_EQUAL(-ENOENT, kindred_open(file, O_RDWR, 0));
    int descriptor = SUCCEED_INT(kindred_open(file, O_CREAT | O_EXCL | O_RDWR, 0640));
    CHECK_EQUAL(FD_CLOEXEC, fcntl(descriptor, F_GETFD));
    CHECK_EQUAL(5, kindred_write(descriptor, "hello", 5));
    CHECK_EQUAL(0, lseek(descriptor, 0, SEEK_SET));
    char buffer[16];
    CHECK_EQUAL(5, kindred_read(descriptor, buffer, sizeof buffer));
    CHECK_EQUAL(0, memcmp(buffer, "hello", 5));
    CHECK_EQUAL(0, kindred_read(descriptor, buffer, sizeof buffer));
    SUCCEED(kindred_close(descriptor));
    CHECK_EQUAL(-EBADF, kindred_close(descriptor));
    CHECK_EQUAL(-EBADF, kindred_read(descriptor, buffer, sizeof buffer));
    CHECK_EQUAL(-EBADF, kindred_write(descriptor, buffer, sizeof buffer));
    CHECK_EQUAL(-EISDIR, kindred_open(path, O_RDWR, 0));
    CHECK_EQUAL(0, unlink(file));
    CHECK_EQUAL(0, rmdir(path));
}

static void status_is_that_of_fstat(void) {
    int descriptor = SUCCEED_INT(kindred_open("/proc/self/exe", O_RDONLY, 0));
    struct kindred_status ours;
    struct stat theirs;
    SUCCEED(kindred_status(descriptor, &ours));
    CHECK_EQUAL(0, fstat(descriptor, &theirs));
    CHECK_EQUAL(theirs.st_size, ours.size);
    CHECK_EQUAL(theirs.st_dev, ours.device);
    CHECK_EQUAL(theirs.st_ino, ours.inode);
    CHECK_EQUAL(theirs.st_nlink, ours.links);
    CHECK_EQUAL(theirs.st_uid, ours.uid);
    CHECK_EQUAL(theirs.st_mode, ours.mode);
    CHECK_EQUAL(theirs.st_blocks, ours.blocks);
    SUCCEED(kindred_close(descriptor));
    CHECK_EQUAL(-EBADF, kindred_status(descriptor, &ours));
}

static void duplicates_are_never_standard_streams(void) {
    int saved = dup(STDIN_FILENO);
    close(STDIN_FILENO);
    int copy = SUCCEED_INT(kindred_duplicate(STDOUT_FILENO));
    CHECK(copy > STDERR_FILENO);
    CHECK_EQUAL(FD_CLOEXEC, fcntl(copy, F_GETFD));
    SUCCEED(kindred_close(copy));
    if (saved >= 0) {
        CHECK_EQUAL(STDIN_FILENO, dup2(saved, STDIN_FILENO));
        close(saved);
    }
    CHECK_EQUAL(-EBADF, kindred_duplicate(9999));
}

static void duplicates_share_their_offset(void) {
    int memory = SUCCEED_INT(kindred_memfd_create("offset"));
    int copy = SUCCEED_INT(kindred_duplicate(memory));
    CHECK_EQUAL(3, kindred_write(memory, "abc", 3));
    CHECK_EQUAL(3, lseek(copy, 0, SEEK_CUR));
    SUCCEED(kindred_close(memory));
    SUCCEED(kindred_close(copy));
}

static void duplicate_to_replaces(void) {
    int first = SUCCEED_INT(kindred_memfd_create("first"));
    int second = SUCCEED_INT(kindred_memfd_create("second"));
    struct kindred_status expected, actual;
    SUCCEED(kindred_status(first, &expected));
    CHECK_EQUAL(second, kindred_duplicate_to(first, second));
    SUCCEED(kindred_status(second, &actual));
    CHECK_EQUAL(expected.inode, actual.inode);
    CHECK_EQUAL(FD_CLOEXEC, fcntl(second, F_GETFD));
    CHECK_EQUAL(first, kindred_duplicate_to(first, first));

    int saved = SUCCEED_INT(kindred_duplicate(STDOUT_FILENO));
    fflush(stdout);
    CHECK_EQUAL(STDOUT_FILENO, kindred_duplicate_to(first, STDOUT_FILENO));
    CHECK_EQUAL(0, fcntl(STDOUT_FILENO, F_GETFD)); /* programs are to get it */
    CHECK_EQUAL(STDOUT_FILENO, kindred_duplicate_to(saved, STDOUT_FILENO));

    SUCCEED(kindred_close(saved));
    SUCCEED(kindred_close(first));
    SUCCEED(kindred_close(second));
    CHECK_EQUAL(-EBADF, kindred_duplicate_to(first, first));
    CHECK_EQUAL(-EBADF, kindred_duplicate_to(first, second));
    CHECK_EQUAL(-EBADF, kindred_duplicate_to(STDOUT_FILENO, -1));
}

static void flags_are_those_of_the_description(void) {
    int descriptor = SUCCEED_INT(kindred_open("/dev/null", O_WRONLY | O_APPEND, 0));
    CHECK_EQUAL(O_WRONLY | O_APPEND, kindred_status_flags(descriptor) & (O_ACCMODE | O_APPEND));
    SUCCEED(kindred_close(descriptor));
    CHECK_EQUAL(-EBADF, kindred_status_flags(descriptor));
}

int main(void) {
    RUN(open_reads_and_writes);
    RUN(status_is_that_of_fstat);
    RUN(duplicates_are_never_standard_streams);
    RUN(duplicates_share_their_offset);
    RUN(duplicate_to_replaces);
    RUN(flags_are_those_of_the_description);
    return EXIT_SUCCESS;
}
