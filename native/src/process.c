/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */
#include "kindred.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls.h"

/*
 * Starting.
 *
 * The child borrows its parent's memory until it runs its program, and the calling thread sleeps as long (CLONE_VM and CLONE_VFORK): no page
 * is copied, however large the JVM, and a step that fails is reported by a plain store. In return the child makes system calls only: what
 * the C library keeps in that memory is in the middle of other threads' use. Signals stay blocked until no handler of the parent can run.
 */

/* What the kernel takes for a set of signals and for a signal's action. An action of zeros is the default, without flags or mask. */
typedef uint64_t kernel_signal_set;

struct kernel_action {
    uint64_t zeros[4];
};

#define LAST_SIGNAL 64
#define CHILD_STACK_SIZE 16384

/* These frames never return, so that what a sanitizer would write about them into the parent's memory would stay there. */
#define RUNS_IN_CHILD __attribute__((no_sanitize("address", "thread", "undefined")))

#if defined(__SANITIZE_THREAD__)
/* ThreadSanitizer wraps clone, and takes the child, which has our memory, for a fork, which has a copy. */
int __clone(int (*function)(void *), void *stack, int flags, void *argument, ...);
#define clone __clone
#endif

struct child {
    const struct kindred_spawn_request *request;
    int parent_id;
    int failure;                                /* -errno of the step that failed, written by the child */
    int sources[KINDRED_SPAWN_DESCRIPTORS_MAX]; /* the request's descriptors, moved out of each other's way */
};

RUNS_IN_CHILD static int reset_signals(void) {
    const struct kernel_action standard = {{0}};
    for (int signal = 1; signal <= LAST_SIGNAL; signal++) {
        /* Fails for SIGKILL and SIGSTOP, which have no other action. */
        syscall(SYS_rt_sigaction, signal, &standard, NULL, sizeof(kernel_signal_set));
    }
    const kernel_signal_set none = 0;
    return kindred_result(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none));
}

RUNS_IN_CHILD static int obey_death_of(int parent_id, int signal) {
    if (signal == 0) {
        return 0;
    }
    if (syscall(SYS_prctl, PR_SET_PDEATHSIG, signal, 0, 0, 0) < 0) {
        return -errno;
    }
    /* A parent that died before the line above sends nothing; there is nobody left to tell, either. */
    return syscall(SYS_getppid) == parent_id ? 0 : -ESRCH;
}

/* Marks what /proc lists, for execve to close: for sandboxes that do not let close_range through. */
RUNS_IN_CHILD static int close_listed(int first) {
    long folder = syscall(SYS_openat, AT_FDCWD, "/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (folder < 0) {
        return -errno;
    }
    _Alignas(struct kindred_directory_entry) char entries[1024];
    long size;
    while ((size = syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0) {
        for (long at = 0; at < size;) {
            const struct kindred_directory_entry *entry = (const void *) (entries + at);
            int descriptor = 0;
            for (const char *digit = entry->name; *digit >= '0' && *digit <= '9'; digit++) {
                descriptor = descriptor * 10 + (*digit - '0');
            }
            if (descriptor >= first && syscall(SYS_fcntl, descriptor, F_SETFD, FD_CLOEXEC) < 0) {
                return -errno;
            }
            at += entry->length;
        }
    }
    return kindred_result(size);
}

RUNS_IN_CHILD static int place_descriptors(struct child *child) {
    int count = (int) child->request->descriptor_count;
    for (int i = 0; i < count; i++) {
        int source = child->request->descriptors[i];
        if (source >= 0 && source < count && source != i) {
            /* Something else is going to take this number. */
            source = (int) syscall(SYS_fcntl, source, F_DUPFD_CLOEXEC, count);
            if (source < 0) {
                return -errno;
            }
        }
        child->sources[i] = source;
    }
    for (int i = 0; i < count; i++) {
        int source = child->sources[i];
        long result = 0;
        if (source < 0) {
            syscall(SYS_close, i); /* EBADF: it is closed already */
        } else if (source == i) {
            result = syscall(SYS_fcntl, i, F_SETFD, 0);
        } else {
            result = syscall(SYS_dup3, source, i, 0);
        }
        if (result < 0) {
            return -errno;
        }
    }
    if (syscall(SYS_close_range, (unsigned int) count, ~0U, 0) == 0) {
        return 0;
    }
    return errno == ENOSYS || errno == EPERM ? close_listed(count) : -errno;
}

RUNS_IN_CHILD static int become_program(struct child *child) {
    const struct kindred_spawn_request *request = child->request;
    int failure = reset_signals();
    if (failure == 0) {
        failure = obey_death_of(child->parent_id, request->death_signal);
    }
    if (failure == 0 && request->folder != NULL) {
        failure = kindred_result(syscall(SYS_chdir, request->folder));
    }
    if (failure == 0) {
        failure = place_descriptors(child);
    }
    if (failure == 0) {
        failure = kindred_result(syscall(SYS_execve, request->arguments[0], request->arguments, request->environment));
    }
    return failure;
}

RUNS_IN_CHILD static int run_child(void *argument) {
    struct child *child = argument;
    child->failure = become_program(child);
    return EXIT_FAILURE; /* which ends the process, without what exit(3) does */
}

int kindred_spawn(const struct kindred_spawn_request *request, struct kindred_process *result) {
    if (request->descriptor_count > KINDRED_SPAWN_DESCRIPTORS_MAX) {
        return -E2BIG;
    }
    struct child child = {.request = request, .parent_id = getpid()};
    _Alignas(16) char stack[CHILD_STACK_SIZE];

    /* By system call: the C library's functions leave its own signals unblocked. */
    const kernel_signal_set all = ~UINT64_C(0);
    kernel_signal_set before;
    if (syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof all) < 0) {
        return -errno;
    }
    int pidfd = -1;
    int pid = clone(run_child, stack + sizeof stack, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &child, &pidfd);
    int failure = pid < 0 ? -errno : child.failure;
    if (pid >= 0 && failure != 0) {
        /* Fails with ECHILD where SIGCHLD is ignored, because the kernel has reaped it then. */
        while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR) {
        }
        close(pidfd);
    }
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, sizeof before);
    if (failure == 0) {
        *result = (struct kindred_process) {.pid = pid, .pidfd = pidfd};
    }
    return failure;
}

/* Watching and ending */

int kindred_pidfd_open(int pid) {
    return kindred_result(syscall(SYS_pidfd_open, pid, 0));
}

int kindred_pidfd_send_signal(int pidfd, int signal) {
    return kindred_result(syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

int kindred_wait_child(int pidfd, bool hang) {
    siginfo_t information;
    int result;
    do {
        memset(&information, 0, sizeof information);
        result = waitid((idtype_t) KINDRED_P_PIDFD, (id_t) pidfd, &information, WEXITED | __WALL | (hang ? 0 : WNOHANG));
    } while (result < 0 && errno == EINTR);
    if (result < 0) {
        return -errno;
    }
    if (information.si_pid == 0) {
        return -EAGAIN;
    }
    return information.si_code == CLD_EXITED ? information.si_status : KINDRED_SIGNALLED + information.si_status;
}

void kindred_exit_now(int code) {
    _exit(code);
}

int kindred_raise(int signal) {
    /* By system call: the C library's function blocks all signals meanwhile, and takes them afterwards. */
    return kindred_result(syscall(SYS_tgkill, getpid(), (int) syscall(SYS_gettid), signal));
}

int kindred_set_death_signal(int signal) {
    return kindred_result(prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0));
}

/* Who is this */

int kindred_process_id(void) {
    return getpid();
}

int kindred_parent_id(void) {
    return getppid();
}

int kindred_user_id(void) {
    return (int) geteuid();
}

int kindred_thread_id(void) {
    return (int) syscall(SYS_gettid);
}

/* Placement: by system call, because glibc's functions fail for more than 1024 processors and hide how many bytes were written */

int kindred_set_affinity(int thread, const void *mask, size_t length) {
    return kindred_result(syscall(SYS_sched_setaffinity, thread, length, mask));
}

int kindred_get_affinity(int thread, void *mask, size_t length) {
    return kindred_result(syscall(SYS_sched_getaffinity, thread, length, mask));
}

int kindred_processors(void) {
    return (int) sysconf(_SC_NPROCESSORS_ONLN);
}
