/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "check.h"
#include "kindred.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif

#define PAGE 4096
#define MEBIBYTE (INT64_C(1) << 20)

static int64_t blocks_of(int descriptor) {
    struct kindred_status status;
    SUCCEED(kindred_status(descriptor, &status));
    return status.blocks;
}

static int64_t size_of(int descriptor) {
    struct kindred_status status;
    SUCCEED(kindred_status(descriptor, &status));
    return status.size;
}

static void seals_hold(void) {
    int memory = SUCCEED_INT(kindred_memfd_create("seals"));
    SUCCEED(kindred_truncate(memory, 2 * PAGE));
    SUCCEED(kindred_add_seals(memory, F_SEAL_SHRINK));
    CHECK_EQUAL(-EPERM, kindred_truncate(memory, PAGE));
    SUCCEED(kindred_truncate(memory, 3 * PAGE));
    SUCCEED(kindred_add_seals(memory, F_SEAL_GROW | F_SEAL_SEAL));
    CHECK_EQUAL(-EPERM, kindred_truncate(memory, 4 * PAGE));
    CHECK_EQUAL(-EPERM, kindred_fallocate(memory, 0, 0, 4 * PAGE));
    CHECK_EQUAL(-EPERM, kindred_add_seals(memory, F_SEAL_WRITE));
    SUCCEED(kindred_close(memory));
}

static void memfd_is_close_on_exec(void) {
    int memory = SUCCEED_INT(kindred_memfd_create("cloexec"));
    CHECK_EQUAL(FD_CLOEXEC, fcntl(memory, F_GETFD));
    SUCCEED(kindred_close(memory));
}

static void reserving_takes_memory_and_punching_returns_it(void) {
    int memory = SUCCEED_INT(kindred_memfd_create("reserve"));
    int64_t length = 40 * MEBIBYTE + PAGE; /* more than two steps, and a rest */
    SUCCEED(kindred_fallocate(memory, 0, 0, length));
    CHECK_EQUAL(length, size_of(memory));
    CHECK_EQUAL(length / 512, blocks_of(memory));
    SUCCEED(kindred_fallocate(memory, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 32 * MEBIBYTE));
    CHECK_EQUAL(length, size_of(memory));
    CHECK_EQUAL((length - 32 * MEBIBYTE) / 512, blocks_of(memory));
    CHECK_EQUAL(-EINVAL, kindred_fallocate(memory, 0, 0, 0));
    CHECK_EQUAL(-EINVAL, kindred_fallocate(memory, 0, -PAGE, PAGE));
    SUCCEED(kindred_close(memory));
}

static volatile sig_atomic_t alarms;

static void count_alarm(int signal) {
    (void) signal;
    alarms = alarms + 1;
}

static void reserving_gets_done_under_a_rain_of_signals(void) {
    struct sigaction action = {.sa_handler = count_alarm}; /* without SA_RESTART */
    CHECK_EQUAL(0, sigaction(SIGALRM, &action, NULL));
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    CHECK_EQUAL(0, timer_create(CLOCK_MONOTONIC, &event, &timer));
    struct itimerspec often = {.it_interval.tv_nsec = MILLISECOND, .it_value.tv_nsec = MILLISECOND};
    CHECK_EQUAL(0, timer_settime(timer, 0, &often, NULL));
    int memory = SUCCEED_INT(kindred_memfd_create("signals"));
    SUCCEED(kindred_fallocate(memory, 0, 0, 256 * MEBIBYTE));
    CHECK_EQUAL(256 * MEBIBYTE / 512, blocks_of(memory));
    SUCCEED(kindred_close(memory));
    timer_delete(timer);
    signal(SIGALRM, SIG_DFL);
    CHECK(alarms > 0);
}

static void reserve_beyond_the_limit_of_files(void *unused) {
    (void) unused;
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {.rlim_cur = MEBIBYTE, .rlim_max = MEBIBYTE};
    CHECK_EQUAL(0, setrlimit(RLIMIT_FSIZE, &limit));
    int memory = SUCCEED_INT(kindred_memfd_create("limit"));
    CHECK_EQUAL(-EFBIG, kindred_fallocate(memory, 0, 0, 2 * MEBIBYTE));
    CHECK_EQUAL(-EFBIG, kindred_truncate(memory, 2 * MEBIBYTE));
    SUCCEED(kindred_fallocate(memory, 0, 0, MEBIBYTE));
}

static void limit_of_files_is_an_error(void) {
    finish(start(reserve_beyond_the_limit_of_files, NULL));
}

/* Fills a small file system that only this process sees. */
static void reserve_in_a_full_file_system(void *unused) {
    (void) unused;
    if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0
        || mount("tmpfs", "/dev/shm", "tmpfs", 0, "size=1m") < 0) {
        leave_out("full_file_system_is_an_error", "mounting a small file system needs root");
        return;
    }
    int object = SUCCEED_INT(kindred_shared_memory_open("/kindred-test-full", O_CREAT | O_EXCL | O_RDWR, 0600));
    CHECK_EQUAL(MEBIBYTE, kindred_room(object));
    CHECK_EQUAL(-ENOSPC, kindred_fallocate(object, 0, 0, 2 * MEBIBYTE));
    SUCCEED(kindred_fallocate(object, 0, 0, MEBIBYTE));
    CHECK_EQUAL(0, kindred_room(object));
    CHECK_EQUAL(-ENOSPC, kindred_fallocate(object, 0, MEBIBYTE, 1));
}

static void full_file_system_is_an_error(void) {
    finish(start(reserve_in_a_full_file_system, NULL));
}

/* Whoever may only read an object reserves it by reading: that makes its pages, or fails where touching them would be a SIGBUS. */
static void reserve_what_may_only_be_read(void *unused) {
    (void) unused;
    if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0
        || mount("tmpfs", "/dev/shm", "tmpfs", 0, "size=1m,mode=1777") < 0) {
        leave_out("reading_reserves", "mounting a small file system needs root");
        return;
    }
    int owned = SUCCEED_INT(kindred_shared_memory_open("/kindred-test-read", O_CREAT | O_EXCL | O_RDWR, 0644));
    SUCCEED(kindred_truncate(owned, MEBIBYTE / 2));
    CHECK_EQUAL(0, setresuid(65534, 65534, 65534));
    CHECK_EQUAL(-EACCES, kindred_shared_memory_open("/kindred-test-read", O_RDWR, 0));
    int object = SUCCEED_INT(kindred_shared_memory_open("/kindred-test-read", O_RDONLY, 0));
    char *bytes = (char *) (intptr_t) SUCCEED(kindred_map(object, 0, MEBIBYTE / 2, PROT_READ, MAP_SHARED));
    CHECK_EQUAL(0, blocks_of(object));
    SUCCEED(kindred_advise(bytes, MEBIBYTE / 2, MADV_POPULATE_READ));
    CHECK_EQUAL(MEBIBYTE / 2 / 512, blocks_of(object));
    SUCCEED(kindred_truncate(owned, MEBIBYTE));
    int other = SUCCEED_INT(kindred_shared_memory_open("/kindred-test-full", O_CREAT | O_EXCL | O_RDWR, 0600));
    SUCCEED(kindred_fallocate(other, 0, 0, MEBIBYTE / 2));
    char *all = (char *) (intptr_t) SUCCEED(kindred_map(object, 0, MEBIBYTE, PROT_READ, MAP_SHARED));
    CHECK_EQUAL(-EFAULT, kindred_advise(all, MEBIBYTE, MADV_POPULATE_READ));
}

static void reading_reserves(void) {
    finish(start(reserve_what_may_only_be_read, NULL));
}

static void memfd_has_no_limit_of_its_own(void) {
    int memory = SUCCEED_INT(kindred_memfd_create("room"));
    CHECK_EQUAL(INT64_MAX, kindred_room(memory));
    SUCCEED(kindred_close(memory));
    CHECK_EQUAL(-EBADF, kindred_room(memory));
}

static void named_objects(void) {
    char name[64];
    snprintf(name, sizeof name, "/kindred-test-%d", getpid());
    CHECK_EQUAL(-ENOENT, kindred_shared_memory_open(name, O_RDWR, 0));
    int object = SUCCEED_INT(kindred_shared_memory_open(name, O_CREAT | O_EXCL | O_RDWR, 0600));
    CHECK_EQUAL(FD_CLOEXEC, fcntl(object, F_GETFD));
    CHECK_EQUAL(-EEXIST, kindred_shared_memory_open(name, O_CREAT | O_EXCL | O_RDWR, 0600));
    int libc = shm_open(name, O_RDONLY, 0);
    CHECK(libc >= 0);
    struct kindred_status ours, theirs;
    SUCCEED(kindred_status(object, &ours));
    SUCCEED(kindred_status(libc, &theirs));
    CHECK(ours.inode == theirs.inode && ours.device == theirs.device);
    CHECK_EQUAL(0600, ours.mode & 0777);
    SUCCEED(kindred_shared_memory_unlink(name));
    CHECK_EQUAL(-ENOENT, kindred_shared_memory_unlink(name));
    SUCCEED(kindred_status(object, &ours));
    CHECK_EQUAL(0, ours.links);
    SUCCEED(kindred_close(object));
    SUCCEED(kindred_close(libc));
}

static void unnamed_objects_get_a_name_at_once_or_vanish(void) {
    char name[64];
    snprintf(name, sizeof name, "/kindred-test-unnamed-%d", getpid());
    int object = SUCCEED_INT(kindred_shared_memory_create_unnamed(0600));
    int other = SUCCEED_INT(kindred_shared_memory_create_unnamed(0600));
    CHECK_EQUAL(FD_CLOEXEC, fcntl(object, F_GETFD));
    struct kindred_status ours, found;
    SUCCEED(kindred_status(object, &ours));
    CHECK_EQUAL(0, ours.links);
    CHECK_EQUAL(-ENOENT, kindred_shared_memory_open(name, O_RDWR, 0));
    SUCCEED(kindred_shared_memory_link(object, name));
    CHECK_EQUAL(-EEXIST, kindred_shared_memory_link(other, name));
    int opened = SUCCEED_INT(kindred_shared_memory_open(name, O_RDWR, 0));
    SUCCEED(kindred_status(opened, &found));
    CHECK(ours.inode == found.inode && ours.device == found.device);
    CHECK_EQUAL(1, found.links);
    CHECK_EQUAL(0600, found.mode & 07777);
    SUCCEED(kindred_shared_memory_unlink(name));
    CHECK_EQUAL(-EINVAL, kindred_shared_memory_link(other, "no-slash"));
    CHECK_EQUAL(-EBADF, kindred_shared_memory_link(-1, name));
    SUCCEED(kindred_close(opened));
    SUCCEED(kindred_close(other));
    SUCCEED(kindred_close(object));
}

static void wrong_names(void) {
    const char *wrong[] = {"", "/", "no-slash", "/two/slashes", "//two", "/.", "/.."};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        CHECK_EQUAL(-EINVAL, kindred_shared_memory_open(wrong[i], O_CREAT | O_RDWR, 0600));
        CHECK_EQUAL(-EINVAL, kindred_shared_memory_link(0, wrong[i]));
        CHECK_EQUAL(-EINVAL, kindred_shared_memory_unlink(wrong[i]));
    }
    char name[258];
    memset(name, 'x', sizeof name);
    name[0] = '/';
    name[257] = '\0';
    CHECK_EQUAL(-ENAMETOOLONG, kindred_shared_memory_open(name, O_CREAT | O_RDWR, 0600));
    name[256] = '\0';
    int longest = SUCCEED_INT(kindred_shared_memory_open(name, O_CREAT | O_EXCL | O_RDWR, 0600));
    SUCCEED(kindred_shared_memory_unlink(name));
    SUCCEED(kindred_close(longest));
}

static void symbolic_links_are_not_followed(void) {
    char name[64];
    char path[80];
    snprintf(name, sizeof name, "/kindred-test-link-%d", getpid());
    snprintf(path, sizeof path, "/dev/shm%s", name);
    CHECK_EQUAL(0, symlink("/dev/null", path));
    CHECK_EQUAL(-ELOOP, kindred_shared_memory_open(name, O_RDWR, 0));
    SUCCEED(kindred_shared_memory_unlink(name));
}

static void two_mappings_show_the_same_bytes(void) {
    int memory = SUCCEED_INT(kindred_memfd_create("map"));
    SUCCEED(kindred_fallocate(memory, 0, 0, 2 * PAGE));
    char *first = (char *) (intptr_t) SUCCEED(kindred_map(memory, 0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED));
    const char *second = (const char *) (intptr_t) SUCCEED(kindred_map(memory, PAGE, PAGE, PROT_READ, MAP_SHARED));
    CHECK(second != first + PAGE);
    strcpy(first + PAGE, "hello");
    CHECK_TEXT("hello", second);
    SUCCEED(kindred_unmap((void *) (intptr_t) second, PAGE));
    SUCCEED(kindred_unmap(first, 2 * PAGE));
    SUCCEED(kindred_close(memory));
}

static void mapping_over_another_takes_its_place(void) {
    int before = SUCCEED_INT(kindred_memfd_create("before"));
    int after = SUCCEED_INT(kindred_memfd_create("after"));
    SUCCEED(kindred_fallocate(before, 0, 0, PAGE));
    SUCCEED(kindred_fallocate(after, 0, 0, PAGE));
    char *mapped = (char *) (intptr_t) SUCCEED(kindred_map(before, 0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED));
    strcpy(mapped, "before");
    SUCCEED(kindred_map_over(mapped, PAGE, after, PROT_READ | PROT_WRITE, MAP_SHARED));
    CHECK_TEXT("", mapped);
    strcpy(mapped, "after");
    char text[8];
    CHECK_EQUAL(8, kindred_read(before, text, sizeof text));
    CHECK_TEXT("before", text);
    CHECK_EQUAL(8, kindred_read(after, text, sizeof text));
    CHECK_TEXT("after", text);
    CHECK_EQUAL(-EBADF, kindred_map_over(mapped, PAGE, -1, PROT_READ, MAP_SHARED));
    CHECK_TEXT("after", mapped);
    SUCCEED(kindred_unmap(mapped, PAGE));
    SUCCEED(kindred_close(before));
    SUCCEED(kindred_close(after));
}

/* The space maps far beyond the end of its file and grows later, without mapping again. */
static void mapping_beyond_the_end_sees_growth(void) {
    int memory = SUCCEED_INT(kindred_memfd_create("grow"));
    size_t length = (size_t) 1 << 36;
    int64_t address = kindred_map(memory, 0, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE);
    if (address == -ENOMEM) {
        leave_out("mapping_beyond_the_end_sees_growth", "64 GiB of addresses are not to be had");
    } else {
        char *bytes = (char *) (intptr_t) SUCCEED(address);
        SUCCEED(kindred_advise(bytes, length, MADV_DONTFORK));
        SUCCEED(kindred_advise(bytes, length, MADV_DONTDUMP));
        SUCCEED(kindred_fallocate(memory, 0, 64 * MEBIBYTE, PAGE));
        bytes[64 * MEBIBYTE] = 1;
        SUCCEED(kindred_unmap(bytes, length));
    }
    SUCCEED(kindred_close(memory));
}

static void wrong_mappings(void) {
    int memory = SUCCEED_INT(kindred_memfd_create("wrong"));
    CHECK_EQUAL(-EINVAL, kindred_map(memory, 0, 0, PROT_READ, MAP_SHARED));
    CHECK_EQUAL(-EINVAL, kindred_map(memory, 1, PAGE, PROT_READ, MAP_SHARED));
    CHECK_EQUAL(-ENOMEM, kindred_map(memory, 0, (size_t) 1 << 62, PROT_READ, MAP_SHARED));
    SUCCEED(kindred_close(memory));
    CHECK_EQUAL(-EBADF, kindred_map(memory, 0, PAGE, PROT_READ, MAP_SHARED));
    CHECK_EQUAL(-EINVAL, kindred_unmap((void *) 1, PAGE));
}

static void wrong_advice(void) {
    CHECK_EQUAL(-EINVAL, kindred_advise(NULL, PAGE, 9999));
}

int main(void) {
    RUN(seals_hold);
    RUN(memfd_is_close_on_exec);
    RUN(reserving_takes_memory_and_punching_returns_it);
    RUN(reserving_gets_done_under_a_rain_of_signals);
    RUN(limit_of_files_is_an_error);
    RUN(full_file_system_is_an_error);
    RUN_UNLESS_EMULATED(reading_reserves, "the emulator does not know the advice");
    RUN(memfd_has_no_limit_of_its_own);
    RUN(named_objects);
    RUN(unnamed_objects_get_a_name_at_once_or_vanish);
    RUN(wrong_names);
    RUN(symbolic_links_are_not_followed);
    RUN(two_mappings_show_the_same_bytes);
    RUN(mapping_over_another_takes_its_place);
    RUN(mapping_beyond_the_end_sees_growth);
    RUN(wrong_mappings);
    RUN_UNLESS_EMULATED(wrong_advice, "the emulator takes any advice and follows none");
    return EXIT_SUCCESS;
}
