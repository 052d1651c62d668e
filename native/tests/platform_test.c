/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */

#include <sys/syscall.h>

#include "check.h"
#include "forbid.h"
#include "kindred.h"

static void errors_have_names(void) {
    char name[32];
    SUCCEED(kindred_errno_name(ENOENT, name, sizeof name));
    CHECK_TEXT("ENOENT", name);
    SUCCEED(kindred_errno_name(EAGAIN, name, sizeof name));
    CHECK_TEXT("EAGAIN", name);
    SUCCEED(kindred_errno_name(EHWPOISON, name, sizeof name));
    CHECK_TEXT("EHWPOISON", name);
    SUCCEED(kindred_errno_name(4711, name, sizeof name));
    CHECK_TEXT("E4711", name);
    SUCCEED(kindred_errno_name(ENOENT, name, 4));
    CHECK_TEXT("ENO", name);
}

static void errors_have_texts(void) {
    char text[256];
    SUCCEED(kindred_errno_text(ENOENT, text, sizeof text));
    CHECK_TEXT(strerror(ENOENT), text);
    SUCCEED(kindred_errno_text(4711, text, sizeof text));
    CHECK(strlen(text) > 0);
}

static void floor_is_there(void) {
    const char *missing = NULL;
    CHECK_EQUAL(0, kindred_check_floor(&missing));
}

static void emulator_lacks_the_floor(void) {
    const char *missing = NULL;
    CHECK_EQUAL(-ENOSYS, kindred_check_floor(&missing));
    CHECK_TEXT("futex_waitv", missing);
}

struct forbidden {
    int number;
    int error;
    const char *name;
};

static void check_without(void *argument) {
    const struct forbidden *forbidden = argument;
    forbid(forbidden->number, forbidden->error);
    const char *missing = NULL;
    CHECK_EQUAL(-forbidden->error, kindred_check_floor(&missing));
    CHECK_TEXT(forbidden->name, missing);
}

static void missing_calls_are_named(void) {
    struct forbidden forbidden[] = {
        {449, ENOSYS, "futex_waitv"}, /* an old kernel, */
        {449, EPERM, "futex_waitv"},  /* a container's profile */
        {SYS_memfd_create, EPERM, "memfd_create"},
        {SYS_fallocate, EOPNOTSUPP, "fallocate"},
        {SYS_statx, ENOSYS, "statx"},
        {SYS_pidfd_open, ENOSYS, "pidfd_open"},
        {SYS_pidfd_send_signal, EPERM, "pidfd_send_signal"},
        {SYS_waitid, EINVAL, "waitid(P_PIDFD)"},
        {SYS_eventfd2, EPERM, "eventfd2"},
        {SYS_epoll_create1, EPERM, "epoll_create1"},
        {SYS_socketpair, EPERM, "socketpair(AF_UNIX)"},
    };
    for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++) {
        finish(start(check_without, &forbidden[i]));
    }
}

static void constants_are_known(void) {
    CHECK_EQUAL(EAGAIN, kindred_constant("EAGAIN"));
    CHECK_EQUAL(EHWPOISON, kindred_constant("EHWPOISON"));
    CHECK_EQUAL(SIGKILL, kindred_constant("SIGKILL"));
    CHECK_EQUAL(-EINVAL, kindred_constant("SIGNOTHING"));
}

int main(void) {
    RUN(errors_have_names);
    RUN(errors_have_texts);
    if (is_emulated()) {
        RUN(emulator_lacks_the_floor);
    } else {
        RUN(floor_is_there);
    }
    RUN_UNLESS_EMULATED(missing_calls_are_named, "the emulator installs no seccomp filters");
    RUN(constants_are_known);
    return EXIT_SUCCESS;
}
