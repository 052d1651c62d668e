/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */

#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

#include "check.h"
#include "forbid.h"
#include "kindred.h"

#define PAGE 4096
#define LIVE_BYTE 3
#define EMULATED "the emulator shows the threads of the emulator, and has no robust lists"

#if defined(__SANITIZE_THREAD__)
/* ThreadSanitizer wraps clone, and takes the child, which has our memory, for a fork, which has a copy. */
int __clone(int (*function)(void *), void *stack, int flags, void *argument, ...);
#define clone __clone
#endif

/* What the test and the process that is to die share. */
struct shared {
    _Atomic uint32_t life; /* the word that the kernel marks */
    char padding1[60];
    _Atomic uint32_t ready;
    char padding2[60];
    _Atomic uint64_t changes;
    _Atomic int32_t helper;
};

static int memory;
static struct shared *shared;

static uint32_t *life_word(void) {
    return (uint32_t *) &shared->life;
}

static void open_memory(void) {
    memory = SUCCEED_INT(kindred_memfd_create("end"));
    SUCCEED(kindred_fallocate(memory, 0, 0, PAGE));
    shared = (struct shared *) (intptr_t) SUCCEED(kindred_map(memory, 0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED));
}

static void close_memory(void) {
    SUCCEED(kindred_unmap(shared, PAGE));
    SUCCEED(kindred_close(memory));
}

static void await_ready(uint32_t count) {
    int64_t limit = now() + 10 * SECOND;
    while (atomic_load(&shared->ready) < count) {
        CHECK(now() < limit);
        pause_for(MILLISECOND);
    }
}

/* Not asked again: while threads that have ended vanish from the list, it cannot be told. */
static void await_end(pid_t pid) {
    int64_t limit = now() + 10 * SECOND;
    while (kindred_has_ended(pid) == 0) {
        CHECK(now() < limit);
        pause_for(MILLISECOND / 10);
    }
}

/* The letter that /proc has for the state of a process's first thread. */
static char state_of(pid_t pid) {
    char path[64];
    char text[256];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int file = SUCCEED_INT(kindred_open(path, O_RDONLY, 0));
    int64_t size = SUCCEED(kindred_read(file, text, sizeof text - 1));
    SUCCEED(kindred_close(file));
    text[size] = '\0';
    return strrchr(text, ')')[2];
}

static void await_state(pid_t pid, char state) {
    int64_t limit = now() + 10 * SECOND;
    while (state_of(pid) != state) {
        CHECK(now() < limit);
        pause_for(MILLISECOND);
    }
}

static void be_ready_and_pause(void *unused) {
    (void) unused;
    atomic_fetch_add(&shared->ready, 1);
    while (true) {
        pause();
    }
}

static void *run_pausing_thread(void *unused) {
    be_ready_and_pause(unused);
    return NULL;
}

static pthread_t start_thread(void *(*body)(void *)) {
    pthread_t thread;
    CHECK_EQUAL(0, pthread_create(&thread, NULL, body, NULL));
    return thread;
}

/* ---- Whether a process has ended ---- */

static void who_runs_has_not_ended(void) {
    CHECK_EQUAL(0, kindred_has_ended(getpid()));
    open_memory();
    pid_t pid = start(be_ready_and_pause, NULL);
    await_ready(1);
    CHECK_EQUAL(0, kindred_has_ended(pid));
    kill_and_reap(pid);
    CHECK_EQUAL(0, kindred_has_ended(pid)); /* gone altogether: it cannot be told */
    CHECK_EQUAL(0, kindred_has_ended(0));
    CHECK_EQUAL(0, kindred_has_ended(-1));
    close_memory();
}

static void who_is_stopped_has_not_ended(void) {
    open_memory();
    pid_t pid = start(be_ready_and_pause, NULL);
    await_ready(1);
    CHECK_EQUAL(0, kill(pid, SIGSTOP));
    await_state(pid, 'T');
    CHECK_EQUAL(0, kindred_has_ended(pid));
    CHECK_EQUAL(0, kill(pid, SIGKILL));
    await_end(pid);
    CHECK_EQUAL(pid, waitpid(pid, NULL, 0));
    close_memory();
}

/* The first thread ends, the other goes on. */
static void be_without_leader(void *unused) {
    (void) unused;
    start_thread(run_pausing_thread);
    await_ready(1);
    syscall(SYS_exit, 0);
}

static void who_has_lost_its_first_thread_has_not_ended(void) {
    open_memory();
    pid_t pid = start(be_without_leader, NULL);
    await_state(pid, 'Z');
    CHECK_EQUAL(0, kindred_has_ended(pid));
    CHECK_EQUAL(0, kill(pid, SIGSTOP));
    pause_for(10 * MILLISECOND);
    CHECK_EQUAL(0, kindred_has_ended(pid));
    CHECK_EQUAL(0, kill(pid, SIGKILL));
    await_end(pid);
    CHECK_EQUAL(pid, waitpid(pid, NULL, 0));
    close_memory();
}

static void be_traced(void *unused) {
    (void) unused;
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0) {
        _exit(77);
    }
    kill(getpid(), SIGSTOP); /* not raise: musl's blocks the signals meanwhile, also that with which the test goes on */
}

/* A process that its tracer holds half-way through its end, as a core dump would. */
static void who_is_held_up_in_ending_has_not_ended(void) {
    pid_t pid = start(be_traced, NULL);
    int status;
    CHECK_EQUAL(pid, waitpid(pid, &status, 0));
    if (WIFEXITED(status)) {
        CHECK_EQUAL(77, WEXITSTATUS(status));
        leave_out(__func__, "nothing can be traced here");
        return;
    }
    CHECK_EQUAL(0, ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *) (PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL)));
    CHECK_EQUAL(0, ptrace(PTRACE_CONT, pid, NULL, (void *) SIGTERM));
    CHECK_EQUAL(pid, waitpid(pid, &status, 0));
    CHECK_EQUAL(SIGTRAP | PTRACE_EVENT_EXIT << 8, status >> 8);
    CHECK_EQUAL(0, kindred_has_ended(pid));
    CHECK_EQUAL(0, ptrace(PTRACE_CONT, pid, NULL, NULL));
    await_end(pid);
    CHECK_EQUAL(pid, waitpid(pid, NULL, 0));
}

/* Holds a lock by a mapping only, as a process of a family does. */
static void hold_live_byte(void) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", memory);
    int own = SUCCEED_INT(kindred_open(path, O_RDWR, 0));
    SUCCEED(kindred_lock_byte(own, LIVE_BYTE));
    void *mapping = (void *) (intptr_t) SUCCEED(kindred_map(own, 0, PAGE, PROT_READ, MAP_SHARED));
    SUCCEED(kindred_advise(mapping, PAGE, MADV_DONTFORK));
    SUCCEED(kindred_close(own));
}

__attribute__((no_sanitize("address", "thread", "undefined"))) static int keep_memory(void *unused) {
    (void) unused;
    syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    while (true) {
        const struct timespec hour = {.tv_sec = 3600};
        syscall(SYS_nanosleep, &hour, NULL);
    }
    return EXIT_SUCCESS;
}

/* Leaves its memory to another process when it dies, so that it is freed when the test says so and not before. */
static void leave_memory_behind(void *unused) {
    hold_live_byte();
    static _Alignas(16) char stack[16384];
    int helper = clone(keep_memory, stack + sizeof stack, CLONE_VM | CLONE_PARENT | SIGCHLD, NULL);
    CHECK(helper >= 0);
    atomic_store(&shared->helper, helper);
    start_thread(run_pausing_thread);
    be_ready_and_pause(unused);
}

static void memory_may_outlive_its_process(void) {
    open_memory();
    pid_t pid = start(leave_memory_behind, NULL);
    await_ready(2);
    CHECK_EQUAL(0, kindred_has_ended(pid));
    CHECK_EQUAL(1, kindred_is_byte_locked(memory, LIVE_BYTE));
    CHECK_EQUAL(0, kill(pid, SIGKILL));
    await_end(pid);
    CHECK_EQUAL(1, kindred_is_byte_locked(memory, LIVE_BYTE));
    CHECK_EQUAL(pid, waitpid(pid, NULL, 0));
    CHECK_EQUAL(1, kindred_is_byte_locked(memory, LIVE_BYTE));
    kill_and_reap(atomic_load(&shared->helper));
    CHECK_EQUAL(0, kindred_is_byte_locked(memory, LIVE_BYTE));
    close_memory();
}

/* A thread that changes the shared memory, has another made that does the same, and ends: no list of them is right for long. */
static void *change_and_pass_on(void *unused) {
    (void) unused;
    atomic_fetch_add(&shared->changes, 1);
    CHECK_EQUAL(0, pthread_detach(start_thread(change_and_pass_on)));
    return NULL;
}

#define RELAYS 3
#define ROUNDS 10

static void be_restless(void *unused) {
    for (int i = 0; i < RELAYS; i++) {
        change_and_pass_on(unused);
    }
    syscall(SYS_exit, 0); /* the first thread, which would be seen to live at once */
}

static void who_has_ended_changes_nothing_any_more(void) {
    open_memory();
    for (int round = 0; round < ROUNDS; round++) {
        pid_t pid = start(be_restless, NULL);
        await_state(pid, 'Z');
        for (int64_t end = now() + 50 * MILLISECOND; now() < end;) {
            CHECK_EQUAL(0, kindred_has_ended(pid));
        }
        CHECK_EQUAL(0, kill(pid, SIGKILL));
        while (kindred_has_ended(pid) == 0) {
        }
        uint64_t changes = atomic_load(&shared->changes);
        pause_for(10 * MILLISECOND);
        CHECK_EQUAL(changes, atomic_load(&shared->changes));
        CHECK_EQUAL(pid, waitpid(pid, NULL, 0));
    }
    close_memory();
}

/* ---- Where /proc says less, or something else ---- */

/* Starts a process that ends at once, and returns when it is a zombie. */
static pid_t start_zombie(void) {
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        _exit(EXIT_SUCCESS);
    }
    siginfo_t information;
    CHECK_EQUAL(0, waitid(P_PID, (id_t) pid, &information, WEXITED | WNOWAIT));
    return pid;
}

static void see_without_links(void *unused) {
    (void) unused;
    pid_t zombie = start_zombie();
    CHECK_EQUAL(1, kindred_has_ended(zombie));
    forbid(SYS_readlinkat, EACCES);
    CHECK_EQUAL(1, kindred_has_ended(zombie));
    CHECK_EQUAL(0, kindred_has_ended(getpid()));
}

static void see_without_lists(void *unused) {
    (void) unused;
    pid_t zombie = start_zombie();
    forbid(SYS_getdents64, ENOSYS);
    CHECK_EQUAL(0, kindred_has_ended(zombie));
}

static void see_without_count(void *unused) {
    (void) unused;
    pid_t zombie = start_zombie();
    forbid(SYS_statx, ENOSYS);
    CHECK_EQUAL(0, kindred_has_ended(zombie));
}

static void tells_nothing_where_too_little_is_shown(void) {
    finish(start(see_without_links, NULL));
    finish(start(see_without_lists, NULL));
    finish(start(see_without_count, NULL));
}

static void see_as_init(void *unused) {
    (void) unused;
    CHECK_EQUAL(0, kindred_has_ended(start_zombie()));
    CHECK_EQUAL(0, kindred_has_ended(2)); /* on a machine, and not in a container, /proc has a kernel thread there, which never has memory */
}

#define NO_NAMESPACE 77

static void see_in_foreign_namespace(void *unused) {
    if (unshare(CLONE_NEWPID) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWPID) < 0) {
        _exit(NO_NAMESPACE);
    }
    finish(start(see_as_init, unused));
}

static void tells_nothing_by_numbers_of_another_namespace(void) {
    pid_t pid = start(see_in_foreign_namespace, NULL);
    int status;
    CHECK_EQUAL(pid, waitpid(pid, &status, 0));
    if (WIFEXITED(status) && WEXITSTATUS(status) == NO_NAMESPACE) {
        leave_out(__func__, "no pid namespace can be made here");
    } else {
        CHECK_EQUAL(0, status);
    }
}

/* ---- The mark ---- */

static void mark_own_end(void) {
    static _Alignas(8) char memory_of_mark[KINDRED_MARK_SIZE];
    SUCCEED(kindred_mark_at_thread_end(life_word(), memory_of_mark));
    atomic_store(&shared->life, (uint32_t) kindred_thread_id() | FUTEX_WAITERS);
}

static void *run_marking_thread(void *unused) {
    mark_own_end();
    be_ready_and_pause(unused);
    return NULL;
}

static void be_marked(void *unused) {
    start_thread(run_marking_thread);
    be_ready_and_pause(unused);
}

/* Like be_marked, but its memory is not freed before the test says so. */
static void be_marked_and_leave_memory(void *unused) {
    start_thread(run_marking_thread);
    leave_memory_behind(unused);
}

static void *run_short_marking_thread(void *unused) {
    (void) unused;
    mark_own_end();
    return NULL;
}

static void await_mark(uint32_t word) {
    static uint32_t epoch;
    while ((atomic_load(&shared->life) & FUTEX_OWNER_DIED) == 0) {
        int woken = kindred_futex_wait(life_word(), word, &epoch, 0, NULL, 0, now() + 10 * SECOND);
        CHECK(woken == 0 || woken == -EAGAIN);
    }
    CHECK_EQUAL(FUTEX_OWNER_DIED | FUTEX_WAITERS, atomic_load(&shared->life));
}

static void a_killed_process_is_marked(void) {
    open_memory();
    pid_t pid = start(be_marked, NULL);
    await_ready(2);
    uint32_t word = atomic_load(&shared->life);
    CHECK((word & FUTEX_TID_MASK) != 0 && (word & FUTEX_OWNER_DIED) == 0);
    CHECK_EQUAL(0, kill(pid, SIGSTOP));
    await_state(pid, 'T');
    CHECK_EQUAL(word, atomic_load(&shared->life));
    CHECK_EQUAL(0, kill(pid, SIGKILL));
    await_mark(word);
    CHECK_EQUAL(pid, waitpid(pid, NULL, 0));
    close_memory();
}

static void the_mark_comes_before_the_memory_is_freed(void) {
    open_memory();
    pid_t pid = start(be_marked_and_leave_memory, NULL);
    await_ready(3);
    CHECK_EQUAL(0, kill(pid, SIGKILL));
    await_mark(atomic_load(&shared->life));
    await_end(pid);
    CHECK_EQUAL(1, kindred_is_byte_locked(memory, LIVE_BYTE));
    CHECK_EQUAL(pid, waitpid(pid, NULL, 0));
    kill_and_reap(atomic_load(&shared->helper));
    close_memory();
}

static void a_thread_that_ends_is_marked(void) {
    open_memory();
    CHECK_EQUAL(0, pthread_join(start_thread(run_short_marking_thread), NULL));
    await_mark(0);
    CHECK_EQUAL(0, kindred_has_ended(getpid()));
    close_memory();
}

static void a_word_that_names_nobody_is_left_alone(void) {
    open_memory();
    pid_t pid = start(be_marked, NULL);
    await_ready(2);
    atomic_store(&shared->life, 0);
    kill_and_reap(pid);
    CHECK_EQUAL(0, atomic_load(&shared->life));
    close_memory();
}

static void mark_without_list(void *unused) {
    (void) unused;
    forbid(SYS_set_robust_list, ENOSYS);
    _Alignas(8) char memory_of_mark[KINDRED_MARK_SIZE];
    CHECK_EQUAL(-ENOSYS, kindred_mark_at_thread_end(life_word(), memory_of_mark));
}

static void a_mark_that_cannot_be_had_is_an_error(void) {
    finish(start(mark_without_list, NULL));
}

int main(void) {
    RUN_UNLESS_EMULATED(who_runs_has_not_ended, EMULATED);
    RUN_UNLESS_EMULATED(who_is_stopped_has_not_ended, EMULATED);
    RUN_UNLESS_EMULATED(who_has_lost_its_first_thread_has_not_ended, EMULATED);
    RUN_UNLESS_EMULATED(who_is_held_up_in_ending_has_not_ended, EMULATED);
    RUN_UNLESS_EMULATED(memory_may_outlive_its_process, EMULATED);
    RUN_UNLESS_EMULATED(who_has_ended_changes_nothing_any_more, EMULATED);
    RUN_UNLESS_EMULATED(tells_nothing_where_too_little_is_shown, EMULATED);
    RUN_UNLESS_EMULATED(tells_nothing_by_numbers_of_another_namespace, EMULATED);
    RUN_UNLESS_EMULATED(a_killed_process_is_marked, EMULATED);
    RUN_UNLESS_EMULATED(the_mark_comes_before_the_memory_is_freed, EMULATED);
    RUN_UNLESS_EMULATED(a_word_that_names_nobody_is_left_alone, EMULATED);
    RUN_UNLESS_EMULATED(a_mark_that_cannot_be_had_is_an_error, EMULATED);
    /* The last: it makes a thread in this process. */
    RUN_UNLESS_EMULATED(a_thread_that_ends_is_marked, EMULATED);
    return EXIT_SUCCESS;
}
