/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The ends of processes, before their memory is freed.
 *
 * A thread that ends goes through exit_mm in the kernel: it walks its robust list, then sets its mm to NULL under a lock, and runs no code of its
 * program from then on. Whoever is the last to do so frees the memory, which takes some 60 ms for a gigabyte; file locks, descriptors and the pidfd
 * follow when that is done. So a process of which no thread has an mm can change nothing any more, whatever it seems to hold still.
 */
#include "kindred.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "calls.h"

#define PATH_SIZE 32

/* A folder has a link for itself, one for its entry in the parent, and in /proc/PID/task one for every thread. */
#define LINKS_OF_NO_THREAD 2

/* What statm says of a thread without memory; no memory has a size of 0. */
static const char no_memory[] = "0 0 0 0 0 0 0\n";

/* Returns the bytes read, or -errno. */
static int64_t read_once(int folder, const char *path, char *text, size_t length) {
    int file = openat(folder, path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return -errno;
    }
    int64_t size = kindred_read(file, text, length);
    close(file);
    return size;
}

/* Whether the numbers in /proc are those of this process's pid namespace: this process has one number from there on inwards. */
static bool shows_own_namespace(void) {
    char text[4096];
    int64_t size = read_once(AT_FDCWD, "/proc/self/status", text, sizeof text - 1);
    if (size < 0) {
        return false;
    }
    text[size] = '\0';
    static const char title[] = "\nNSpid:\t";
    const char *line = strstr(text, title);
    if (line == NULL) {
        return false;
    }
    const char *numbers = line + sizeof title - 1;
    return numbers[strspn(numbers, "0123456789")] == '\n';
}

/* Writes the numbers of the threads, in the order in which they were made. Returns how many there are, -1 if that cannot be told. */
static int list_threads(int folder, int threads[KINDRED_THREADS_MAX]) {
    if (lseek(folder, 0, SEEK_SET) < 0) {
        return -1;
    }
    _Alignas(struct kindred_directory_entry) char entries[4096];
    int count = 0;
    long size;
    while ((size = syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0) {
        for (long at = 0; at < size;) {
            const struct kindred_directory_entry *entry = (const void *) (entries + at);
            at += entry->length;
            if (entry->name[0] == '.') {
                continue;
            }
            if (count == KINDRED_THREADS_MAX) {
                return -1;
            }
            int thread = 0;
            for (const char *digit = entry->name; *digit >= '0' && *digit <= '9'; digit++) {
                thread = thread * 10 + (*digit - '0');
            }
            threads[count++] = thread;
        }
    }
    return size < 0 ? -1 : count;
}

static bool may_have_memory(int folder, int thread) {
    char path[PATH_SIZE];
    char text[sizeof no_memory];
    /*
     * The program's link ends with the memory, too, but where links cannot be read it proves nothing. It is asked first because statm borrows the
     * memory to measure it: the last to give it back has to free it, and that would be we, if the thread ended meanwhile.
     */
    snprintf(path, sizeof path, "%d/exe", thread);
    if (readlinkat(folder, path, text, sizeof text) >= 0) {
        return true;
    }
    snprintf(path, sizeof path, "%d/statm", thread);
    int64_t size = read_once(folder, path, text, sizeof text);
    return size != sizeof no_memory - 1 || memcmp(text, no_memory, sizeof no_memory - 1) != 0;
}

/*
 * Only a thread that has memory can make another. So it is enough that at one moment none had: that of the count, if the threads of the first list,
 * which had none before, are still there after it, and were as many as the count. (Numbers are given out in turn; none comes back meanwhile.) A list
 * alone may miss some, because the kernel ends it early when the thread that it stands at goes, and may leave out those that the kernel itself has
 * made; the count has them all.
 */
static bool no_thread_has_memory(int folder) {
    int threads[KINDRED_THREADS_MAX];
    int count = list_threads(folder, threads);
    for (int i = 0; i < count; i++) {
        if (may_have_memory(folder, threads[i])) {
            return false;
        }
    }
    struct kindred_status status;
    if (count <= 0 || kindred_status(folder, &status) < 0 || status.links != count + LINKS_OF_NO_THREAD) {
        return false;
    }
    int again[KINDRED_THREADS_MAX];
    return list_threads(folder, again) == count && memcmp(threads, again, sizeof threads[0] * (size_t) count) == 0;
}

int kindred_has_ended(int pid) {
    if (!shows_own_namespace()) {
        return 0;
    }
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    /* Everything is looked up from here: should the number pass to another process, nothing is found. */
    int folder = kindred_open(path, O_RDONLY | O_DIRECTORY, 0);
    if (folder < 0) {
        return 0;
    }
    bool ended = no_thread_has_memory(folder);
    close(folder);
    return ended ? 1 : 0;
}

/* A robust list of one word. */
struct mark {
    struct robust_list_head head;
    struct robust_list word;
};

_Static_assert(sizeof(struct mark) == KINDRED_MARK_SIZE, "the caller gives as much memory as the kernel reads");

int kindred_mark_at_thread_end(uint32_t *word, void *memory) {
    struct mark *mark = memory;
    *mark = (struct mark) {
        .head.list.next = &mark->word,
        .head.futex_offset = (long) ((intptr_t) word - (intptr_t) &mark->word),
        .word.next = &mark->head.list,
    };
    return kindred_result(syscall(SYS_set_robust_list, &mark->head, sizeof mark->head));
}
