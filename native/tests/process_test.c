/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "check.h"
#include "forbid.h"
#include "kindred.h"

/* The tests start this very program again, with one of these words and what belongs to it. */
#define DESCRIPTORS "descriptors"
#define SIGNALS "signals"
#define FOLDER "folder"
#define VARIABLES "variables"
#define PAUSE "pause"
#define EXIT "exit"

#define SELF "/proc/self/exe"
#define NO_CLONE "the emulator knows no clone with CLONE_PIDFD"

/* ---- What the started program does: it looks around, and its exit code says whether it likes what it sees ---- */

/* Whether the numbers given, and no others, are open. */
static int see_descriptors(int count, char **numbers) {
    DIR *folder = opendir("/proc/self/fd");
    CHECK(folder != NULL);
    int found = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.' || atoi(entry->d_name) == dirfd(folder)) {
            continue;
        }
        bool expected = false;
        for (int i = 0; i < count; i++) {
            expected = expected || strcmp(entry->d_name, numbers[i]) == 0;
        }
        if (!expected) {
            fprintf(stderr, "descriptor %s is open\n", entry->d_name);
            return EXIT_FAILURE;
        }
        found++;
    }
    closedir(folder);
    return found == count ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Whether no signal is blocked and none ignored; sanitizers handle some. */
static int see_signals(void) {
    FILE *status = fopen("/proc/self/status", "re");
    CHECK(status != NULL);
    char line[256];
    int seen = 0;
    while (fgets(line, sizeof line, status) != NULL) {
        unsigned long long set;
        if (sscanf(line, "SigBlk: %llx", &set) == 1 || sscanf(line, "SigIgn: %llx", &set) == 1) {
            if (set != 0) {
                fprintf(stderr, "%s", line);
                return EXIT_FAILURE;
            }
            seen++;
        }
    }
    fclose(status);
    return seen == 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int see_folder(const char *expected) {
    char folder[256];
    CHECK(getcwd(folder, sizeof folder) != NULL);
    return strcmp(folder, expected) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int see_variables(int count, char **variables) {
    extern char **environ;
    for (int i = 0; i < count; i++) {
        CHECK(environ[i] != NULL);
        CHECK_TEXT(variables[i], environ[i]);
    }
    return environ[count] == NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int be_started(int count, char **arguments) {
    const char *word = arguments[0];
    if (strcmp(word, DESCRIPTORS) == 0) {
        return see_descriptors(count - 1, arguments + 1);
    }
    if (strcmp(word, SIGNALS) == 0) {
        return see_signals();
    }
    if (strcmp(word, FOLDER) == 0) {
        return see_folder(arguments[1]);
    }
    if (strcmp(word, VARIABLES) == 0) {
        return see_variables(count - 1, arguments + 1);
    }
    if (strcmp(word, PAUSE) == 0) {
        pause();
    }
    if (strcmp(word, EXIT) == 0) {
        return atoi(arguments[1]);
    }
    fprintf(stderr, "unknown word %s\n", word);
    return EXIT_FAILURE;
}

/* ---- Starting it ---- */

static char *const no_variables[] = {NULL};
static const int standard_streams[] = {0, 1, 2};

static struct kindred_spawn_request request_for(char *const arguments[]) {
    return (struct kindred_spawn_request) {
        .arguments = arguments,
        .environment = no_variables,
        .descriptors = standard_streams,
        .descriptor_count = 3,
        .death_signal = SIGKILL,
    };
}

static int run(const struct kindred_spawn_request *request) {
    struct kindred_process process;
    SUCCEED(kindred_spawn(request, &process));
    int ending = SUCCEED_INT(kindred_wait_child(process.pidfd, true));
    SUCCEED(kindred_close(process.pidfd));
    return ending;
}

static struct kindred_process start_pausing(void) {
    char *const arguments[] = {SELF, PAUSE, NULL};
    struct kindred_spawn_request request = request_for(arguments);
    struct kindred_process process;
    SUCCEED(kindred_spawn(&request, &process));
    return process;
}

static void endings_are_told(void) {
    char *const arguments[] = {SELF, EXIT, "42", NULL};
    struct kindred_spawn_request request = request_for(arguments);
    CHECK_EQUAL(42, run(&request));

    struct kindred_process process = start_pausing();
    CHECK_EQUAL(FD_CLOEXEC, fcntl(process.pidfd, F_GETFD));
    CHECK_EQUAL(-EAGAIN, kindred_wait_child(process.pidfd, false));
    CHECK_EQUAL(0, kindred_poll(process.pidfd, POLLIN, 0));
    SUCCEED(kindred_pidfd_send_signal(process.pidfd, 0));
    SUCCEED(kindred_pidfd_send_signal(process.pidfd, SIGTERM));
    CHECK(kindred_poll(process.pidfd, POLLIN, now() + 10 * SECOND) & POLLIN);
    CHECK_EQUAL(KINDRED_SIGNALLED + SIGTERM, kindred_wait_child(process.pidfd, false));
    CHECK_EQUAL(-ECHILD, kindred_wait_child(process.pidfd, false));
    CHECK_EQUAL(-ESRCH, kindred_pidfd_send_signal(process.pidfd, 0));
    SUCCEED(kindred_close(process.pidfd));
}

static void only_what_is_listed_is_open(void) {
    int extra[8];
    for (int i = 0; i < 8; i++) {
        extra[i] = dup(STDERR_FILENO); /* not close-on-exec, as a careless library leaves them */
    }
    char *const arguments[] = {SELF, DESCRIPTORS, "0", "1", "2", "5", NULL};
    const int descriptors[] = {0, 1, 2, -1, -1, extra[3]};
    struct kindred_spawn_request request = request_for(arguments);
    request.descriptors = descriptors;
    request.descriptor_count = 6;
    CHECK_EQUAL(0, run(&request));
    for (int i = 0; i < 8; i++) {
        SUCCEED(kindred_close(extra[i]));
    }
}

static void nothing_is_open_when_nothing_is_listed(void) {
    char *const arguments[] = {SELF, DESCRIPTORS, NULL};
    struct kindred_spawn_request request = request_for(arguments);
    request.descriptor_count = 0;
    CHECK_EQUAL(0, run(&request));
}

/* Sources that lie where others are going to be, in a circle and twice. */
static void descriptors_move_out_of_the_way(void) {
    int pipes[3][2];
    for (int i = 0; i < 3; i++) {
        SUCCEED(kindred_pipe(0, pipes[i]));
    }
    int first = pipes[0][0] < 3 ? 3 : pipes[0][0];
    int numbers[3];
    for (int i = 0; i < 3; i++) { /* the ends to write to, at neighbouring numbers */
        numbers[i] = first + 10 + i;
        CHECK_EQUAL(numbers[i], dup2(pipes[i][1], numbers[i]));
    }
    int descriptors[64];
    for (int i = 0; i < 64; i++) {
        descriptors[i] = i < 3 ? i : -1;
    }
    descriptors[numbers[0]] = numbers[1];
    descriptors[numbers[1]] = numbers[2];
    descriptors[numbers[2]] = numbers[0];
    descriptors[40] = numbers[0];
    descriptors[41] = 41 == numbers[0] ? 41 : numbers[0];

    char script[256];
    snprintf(script, sizeof script, "printf a >/proc/self/fd/%d; printf b >/proc/self/fd/%d; printf c >/proc/self/fd/%d; printf d >/proc/self/fd/40",
             numbers[0], numbers[1], numbers[2]);
    char *const arguments[] = {"/bin/sh", "-c", script, NULL};
    struct kindred_spawn_request request = request_for(arguments);
    request.descriptors = descriptors;
    request.descriptor_count = 64;
    CHECK_EQUAL(0, run(&request));

    char buffer[4] = {0};
    CHECK_EQUAL(2, kindred_read(pipes[0][0], buffer, 4)); /* c, then d */
    CHECK_TEXT("cd", buffer);
    memset(buffer, 0, sizeof buffer);
    CHECK_EQUAL(1, kindred_read(pipes[1][0], buffer, 4));
    CHECK_TEXT("a", buffer);
    CHECK_EQUAL(1, kindred_read(pipes[2][0], buffer, 4));
    CHECK_TEXT("b", buffer);
    for (int i = 0; i < 3; i++) {
        SUCCEED(kindred_close(numbers[i]));
        SUCCEED(kindred_close(pipes[i][0]));
        SUCCEED(kindred_close(pipes[i][1]));
    }
}

static void spawn_without_close_range(void *unused) {
    (void) unused;
    forbid(SYS_close_range, ENOSYS);
    only_what_is_listed_is_open();
    nothing_is_open_when_nothing_is_listed();
}

static void descriptors_are_closed_one_by_one_in_a_sandbox(void) {
    finish(start(spawn_without_close_range, NULL));
}

static void signals_are_as_new(void) {
    sigset_t all, before;
    sigfillset(&all);
    CHECK_EQUAL(0, sigprocmask(SIG_SETMASK, &all, &before));
    signal(SIGINT, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGUSR1, SIG_IGN);
    char *const arguments[] = {SELF, SIGNALS, NULL};
    struct kindred_spawn_request request = request_for(arguments);
    CHECK_EQUAL(0, run(&request));
    signal(SIGINT, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGUSR1, SIG_DFL);

    sigset_t after;
    CHECK_EQUAL(0, sigprocmask(SIG_SETMASK, &before, &after));
    CHECK(sigismember(&after, SIGTERM) && sigismember(&after, SIGINT)); /* ours are as they were */
    CHECK_EQUAL(0, run(&request));
    CHECK_EQUAL(0, sigprocmask(SIG_SETMASK, NULL, &after));
    CHECK(!sigismember(&after, SIGTERM));
}

static void folder_and_variables_are_as_asked(void) {
    char *const in_folder[] = {SELF, FOLDER, "/proc", NULL};
    struct kindred_spawn_request request = request_for(in_folder);
    request.folder = "/proc";
    CHECK_EQUAL(0, run(&request));
    char *const with_variables[] = {SELF, VARIABLES, "A=1", "B=", NULL};
    request = request_for(with_variables);
    request.environment = with_variables + 2;
    CHECK_EQUAL(0, run(&request));
}

static void failures_are_told_and_leave_nothing(void) {
    struct kindred_process process = {.pid = -7, .pidfd = -7};
    char *const nowhere[] = {"/nonexistent/program", NULL};
    struct kindred_spawn_request request = request_for(nowhere);
    CHECK_EQUAL(-ENOENT, kindred_spawn(&request, &process));
    char *const no_program[] = {"/proc/self/status", NULL};
    request.arguments = no_program;
    CHECK_EQUAL(-EACCES, kindred_spawn(&request, &process));
    char *const good[] = {SELF, EXIT, "0", NULL};
    request.arguments = good;
    request.folder = "/nonexistent";
    CHECK_EQUAL(-ENOENT, kindred_spawn(&request, &process));
    request.folder = NULL;
    const int closed[] = {0, 1, 2, 9999};
    request.descriptors = closed;
    request.descriptor_count = 4;
    CHECK_EQUAL(-EBADF, kindred_spawn(&request, &process));
    request.descriptor_count = KINDRED_SPAWN_DESCRIPTORS_MAX + 1;
    CHECK_EQUAL(-E2BIG, kindred_spawn(&request, &process));
    CHECK_EQUAL(-7, process.pid);
    CHECK_EQUAL(-7, process.pidfd);
}

static void spawn_with_ignored_children(void *unused) {
    (void) unused;
    signal(SIGCHLD, SIG_IGN);
    failures_are_told_and_leave_nothing();
    struct kindred_process process = start_pausing();
    SUCCEED(kindred_pidfd_send_signal(process.pidfd, SIGKILL));
    CHECK(kindred_poll(process.pidfd, POLLIN, now() + 10 * SECOND) & POLLIN);
    CHECK_EQUAL(-ECHILD, kindred_wait_child(process.pidfd, true));
    SUCCEED(kindred_close(process.pidfd));
}

static void works_where_children_are_ignored(void) {
    finish(start(spawn_with_ignored_children, NULL));
}

static void *spawn_and_end(void *result) {
    *(struct kindred_process *) result = start_pausing();
    return NULL;
}

static void death_signal_comes_when_the_thread_ends(void) {
    pthread_t thread;
    struct kindred_process process;
    CHECK_EQUAL(0, pthread_create(&thread, NULL, spawn_and_end, &process));
    CHECK_EQUAL(0, pthread_join(thread, NULL));
    CHECK_EQUAL(KINDRED_SIGNALLED + SIGKILL, kindred_wait_child(process.pidfd, true));
    SUCCEED(kindred_close(process.pidfd));
}

static void spawn_and_tell(void *pipe) {
    struct kindred_process process = start_pausing();
    CHECK_EQUAL(sizeof process.pid, kindred_write(((int *) pipe)[1], &process.pid, sizeof process.pid));
    pause();
}

static void death_signal_comes_when_the_process_is_killed(void) {
    int told[2];
    SUCCEED(kindred_pipe(0, told));
    pid_t parent = start(spawn_and_tell, told);
    int32_t child;
    CHECK_EQUAL(sizeof child, kindred_read(told[0], &child, sizeof child));
    int pidfd = SUCCEED_INT(kindred_pidfd_open(child));
    kill_and_reap(parent);
    CHECK(kindred_poll(pidfd, POLLIN, now() + 10 * SECOND) & POLLIN);
    SUCCEED(kindred_close(pidfd));
    SUCCEED(kindred_close(told[0]));
    SUCCEED(kindred_close(told[1]));
}

static void children_without_a_death_signal_live_on(void) {
    char *const arguments[] = {SELF, PAUSE, NULL};
    struct kindred_spawn_request request = request_for(arguments);
    request.death_signal = 0;
    struct kindred_process process;
    SUCCEED(kindred_spawn(&request, &process));
    pause_for(20 * MILLISECOND);
    CHECK_EQUAL(-EAGAIN, kindred_wait_child(process.pidfd, false));
    SUCCEED(kindred_pidfd_send_signal(process.pidfd, SIGKILL));
    CHECK_EQUAL(KINDRED_SIGNALLED + SIGKILL, kindred_wait_child(process.pidfd, true));
    SUCCEED(kindred_close(process.pidfd));
}

#define THREADS 4
#define STARTS 25

static void *spawn_many(void *unused) {
    (void) unused;
    char *const arguments[] = {"/bin/true", NULL};
    struct kindred_spawn_request request = request_for(arguments);
    for (int i = 0; i < STARTS; i++) {
        CHECK_EQUAL(0, run(&request));
    }
    return NULL;
}

static void many_threads_may_spawn(void) {
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        CHECK_EQUAL(0, pthread_create(&threads[i], NULL, spawn_many, NULL));
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK_EQUAL(0, pthread_join(threads[i], NULL));
    }
}

static void strangers_are_told_apart(void) {
    int self = SUCCEED_INT(kindred_pidfd_open(getpid()));
    CHECK_EQUAL(-ECHILD, kindred_wait_child(self, false));
    SUCCEED(kindred_close(self));
    CHECK_EQUAL(-EBADF, kindred_pidfd_send_signal(self, 0));
    CHECK_EQUAL(-EINVAL, kindred_pidfd_open(-1));
    CHECK_EQUAL(-ESRCH, kindred_pidfd_open(0x3fffffff));
}

static void identity(void) {
    CHECK_EQUAL(getpid(), kindred_process_id());
    CHECK_EQUAL(getppid(), kindred_parent_id());
    CHECK_EQUAL(geteuid(), kindred_user_id());
    CHECK_EQUAL(syscall(SYS_gettid), kindred_thread_id());
}

static volatile sig_atomic_t heard;

static void hear(int signal) {
    heard = signal;
}

static void signals_to_this_process(void) {
    signal(SIGUSR1, hear);
    SUCCEED(kindred_raise(SIGUSR1));
    pause_for(1); /* ThreadSanitizer keeps a signal until the next call that it knows. */
    CHECK_EQUAL(SIGUSR1, heard);
    signal(SIGUSR1, SIG_DFL);
    CHECK_EQUAL(-EINVAL, kindred_raise(9999));
}

#define STOPS 200

static void *count_stops(void *counter) {
    for (int i = 0; i < STOPS; i++) {
        atomic_fetch_add((atomic_int *) counter, 1);
        SUCCEED(kindred_raise(SIGSTOP));
    }
    return NULL;
}

static void stop_again_and_again(void *counter) {
    pthread_t thread;
    CHECK_EQUAL(0, pthread_create(&thread, NULL, count_stops, counter));
    CHECK_EQUAL(0, pthread_join(thread, NULL));
}

/* Also if other threads, which could take the signal as well, are idle. */
static void a_thread_stops_where_it_says(void) {
    atomic_int *counter = mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(counter != MAP_FAILED);
    pid_t pid = start(stop_again_and_again, counter);
    for (int i = 1; i <= STOPS; i++) {
        int status;
        CHECK_EQUAL(pid, waitpid(pid, &status, WUNTRACED));
        CHECK(WIFSTOPPED(status));
        CHECK_EQUAL(i, atomic_load(counter));
        CHECK_EQUAL(0, kill(pid, SIGCONT));
    }
    finish(pid);
    munmap(counter, sizeof *counter);
}

static void set_death_signal(void *unused) {
    (void) unused;
    SUCCEED(kindred_set_death_signal(SIGTERM));
    int signal;
    CHECK_EQUAL(0, prctl(PR_GET_PDEATHSIG, &signal));
    CHECK_EQUAL(SIGTERM, signal);
    CHECK_EQUAL(-EINVAL, kindred_set_death_signal(9999));
}

static void death_signal_of_this_process(void) {
    finish(start(set_death_signal, NULL));
}

static void exit_seven(void *unused) {
    (void) unused;
    kindred_exit_now(7);
}

static void exit_is_at_once(void) {
    pid_t pid = start(exit_seven, NULL);
    int status;
    CHECK_EQUAL(pid, waitpid(pid, &status, 0));
    CHECK(WIFEXITED(status));
    CHECK_EQUAL(7, WEXITSTATUS(status));
}

static void pin(void *unused) {
    (void) unused;
    unsigned long mask[16] = {0};
    int length = SUCCEED_INT(kindred_get_affinity(0, mask, sizeof mask));
    CHECK(length >= (int) sizeof mask[0]);
    int first = 0;
    while ((mask[0] & 1UL << first) == 0) {
        first++;
    }
    unsigned long one[16] = {1UL << first};
    SUCCEED(kindred_set_affinity(0, one, sizeof one));
    SUCCEED(kindred_get_affinity(0, mask, sizeof mask));
    CHECK_EQUAL(one[0], mask[0]);
    CHECK_EQUAL(first, sched_getcpu());
    unsigned long none[16] = {0};
    CHECK_EQUAL(-EINVAL, kindred_set_affinity(0, none, sizeof none));
    CHECK_EQUAL(-EINVAL, kindred_get_affinity(0, mask, 1));
    CHECK_EQUAL(-ESRCH, kindred_get_affinity(0x3fffffff, mask, sizeof mask));
    CHECK(kindred_processors() >= 1);
}

static void affinity_is_obeyed(void) {
    finish(start(pin, NULL));
}

int main(int count, char **arguments) {
    if (count > 1) {
        return be_started(count - 1, arguments + 1);
    }
    RUN_UNLESS_EMULATED(endings_are_told, NO_CLONE);
    RUN_UNLESS_EMULATED(only_what_is_listed_is_open, NO_CLONE);
    RUN_UNLESS_EMULATED(nothing_is_open_when_nothing_is_listed, NO_CLONE);
    RUN_UNLESS_EMULATED(descriptors_move_out_of_the_way, NO_CLONE);
    RUN_UNLESS_EMULATED(descriptors_are_closed_one_by_one_in_a_sandbox, NO_CLONE);
    RUN_UNLESS_EMULATED(signals_are_as_new, NO_CLONE);
    RUN_UNLESS_EMULATED(folder_and_variables_are_as_asked, NO_CLONE);
    RUN_UNLESS_EMULATED(failures_are_told_and_leave_nothing, NO_CLONE);
    RUN_UNLESS_EMULATED(works_where_children_are_ignored, NO_CLONE);
    RUN_UNLESS_EMULATED(death_signal_comes_when_the_thread_ends, NO_CLONE);
    RUN_UNLESS_EMULATED(death_signal_comes_when_the_process_is_killed, NO_CLONE);
    RUN_UNLESS_EMULATED(children_without_a_death_signal_live_on, NO_CLONE);
    RUN_UNLESS_EMULATED(many_threads_may_spawn, NO_CLONE);
    RUN(strangers_are_told_apart);
    RUN(identity);
    RUN(signals_to_this_process);
    RUN(a_thread_stops_where_it_says);
    RUN(death_signal_of_this_process);
    RUN(exit_is_at_once);
    RUN(affinity_is_obeyed);
    return EXIT_SUCCESS;
}
