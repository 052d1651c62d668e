/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The C layer of Kindred: what Java cannot call, one function for each call.
 *
 * Every function returns zero or more for success and -errno for failure; errno itself means nothing afterwards. Nothing allocates memory
 * and nothing keeps state, so any function may be called from any thread at any time. Every descriptor that is made is close-on-exec.
 * A call that a signal interrupts is repeated wherever nothing can be lost by that, so that -EINTR comes back only where it is named.
 * Deadlines are absolute nanoseconds of CLOCK_MONOTONIC; KINDRED_NO_DEADLINE waits for ever.
 */
#ifndef KINDRED_H
#define KINDRED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest text a call takes, its NUL included (PATH_MAX of the kernel). */
#define KINDRED_TEXT_LIMIT 4096

#define KINDRED_NO_DEADLINE INT64_MAX

/* ---- Shared memory (memory.c) ---- */

/* Creates an anonymous file in memory that can be sealed and never executed; the name is seen in /proc only. Returns its descriptor. */
int kindred_memfd_create(const char *name);

/* Adds seals (F_SEAL_...) to what kindred_memfd_create made. */
int kindred_add_seals(int descriptor, int seals);

/*
 * shm_open(3): a name is a slash and at most 255 bytes without a slash; -EINVAL otherwise, -ENAMETOOLONG for a longer one. Returns a
 * descriptor.
 */
int kindred_shared_memory_open(const char *name, int flags, unsigned int mode);

/* shm_unlink(3), with the names of kindred_shared_memory_open. */
int kindred_shared_memory_unlink(const char *name);

/*
 * Creates a file where named objects lie, without a name (O_TMPFILE): it is gone when its last descriptor and mapping are, unless
 * kindred_shared_memory_link gives it a name. Returns its descriptor.
 */
int kindred_shared_memory_create_unnamed(unsigned int mode);

/*
 * Gives a file that kindred_shared_memory_create_unnamed made a name, with the names of kindred_shared_memory_open; -EEXIST when another
 * file has it.
 */
int kindred_shared_memory_link(int descriptor, const char *name);

/* ftruncate(2). */
int kindred_truncate(int descriptor, int64_t size);

/*
 * fallocate(2) in steps of at most 16 MiB, so that signals cannot make a large request begin again for ever. When it fails half-way, what
 * the steps before have reserved stays reserved: only the caller knows what was in use there already.
 */
int kindred_fallocate(int descriptor, int mode, int64_t offset, int64_t length);

/* mmap(2) at an address the kernel chooses. Returns the address. */
int64_t kindred_map(int descriptor, int64_t offset, size_t length, int protection, int flags);

/* mmap(2) of a file's beginning in the place of an earlier mapping (MAP_FIXED). No thread sees the place without a mapping. */
int kindred_map_over(void *address, size_t length, int descriptor, int protection, int flags);

/* munmap(2). */
int kindred_unmap(void *address, size_t length);

/* madvise(2). */
int kindred_advise(void *address, size_t length, int advice);

/* ---- Files and descriptors (file.c) ---- */

struct kindred_status {
    int64_t size;
    int64_t device;
    int64_t inode;
    int64_t links;
    int64_t uid;
    int64_t mode;   /* type and permissions: st_mode */
    int64_t blocks; /* of 512 bytes, that are in use */
};

/* open(2), always close-on-exec. Returns a descriptor. */
int kindred_open(const char *path, int flags, unsigned int mode);

/* close(2); a signal during the call does not count as a failure, the descriptor is gone then as well. */
int kindred_close(int descriptor);

/* fstat(2). */
int kindred_status(int descriptor, struct kindred_status *result);

/* fstatfs(2): returns the bytes that the file system of a file has left, INT64_MAX for one without a limit of its own. */
int64_t kindred_room(int descriptor);

/* Returns another descriptor, above those of standard input, output and error, of the same open file description. */
int kindred_duplicate(int descriptor);

/* dup3(2): `to` becomes close-on-exec unless it is standard input, output or error. `from` may equal `to`. Returns `to`. */
int kindred_duplicate_to(int from, int to);

/* fcntl(F_GETFL): returns the access mode and status flags. */
int kindred_status_flags(int descriptor);

/* read(2): returns the bytes read, 0 at the end. */
int64_t kindred_read(int descriptor, void *buffer, size_t length);

/* write(2): returns the bytes written. */
int64_t kindred_write(int descriptor, const void *buffer, size_t length);

/* ---- POSIX semaphores (semaphore.c) ---- */

/* sem_open(3): a name is a slash and at most 251 bytes without a slash. Returns the address of the semaphore. */
int64_t kindred_semaphore_open(const char *name, int flags, unsigned int mode, unsigned int value);

/* sem_init(3) of a semaphore that processes share. */
int kindred_semaphore_initialize(void *semaphore, unsigned int value);

/* sem_close(3), for what kindred_semaphore_open returned. */
int kindred_semaphore_close(void *semaphore);

/* sem_unlink(3). */
int kindred_semaphore_unlink(const char *name);

/* sem_post(3). */
int kindred_semaphore_post(void *semaphore);

/* ---- Futexes (futex.c) ---- */

/* The most words one wait takes: FUTEX_WAITV_MAX of the kernel. */
#define KINDRED_WAIT_MAX 128

/* A word to wait on. */
struct kindred_wait_word {
    uint32_t *address;
    uint32_t value; /* what it must hold for the wait to begin */
    uint32_t shared; /* 1 for a word that processes share, 0 for one of this process alone */
};

/* Wakes at most `count` waiters of a word; `shared` must be what the waiters said. Returns how many were woken. */
int kindred_futex_wake(uint32_t *word, int count, bool shared);

/*
 * Sleeps while every word holds the value given: `object` and `epoch` are shared, `interrupt` is private to this process and may be NULL.
 * Returns the index of a word that was woken (0 object, 1 epoch, 2 interrupt; possibly without cause), -EAGAIN when a word differs,
 * -ETIMEDOUT, or -EINTR.
 */
int kindred_futex_wait(uint32_t *object, uint32_t object_value, uint32_t *epoch, uint32_t epoch_value, uint32_t *interrupt,
                       uint32_t interrupt_value, int64_t deadline);

/* The same for 1 to KINDRED_WAIT_MAX words; -EINVAL for another count. */
int kindred_futex_wait_many(const struct kindred_wait_word *words, int count, int64_t deadline);

/* ---- Locks of open file descriptions (lock.c) ---- */

/* Takes a write lock on one byte of a file for the open file description; -EAGAIN when another description holds it. */
int kindred_lock_byte(int descriptor, int64_t offset);

/* Gives it back. */
int kindred_unlock_byte(int descriptor, int64_t offset);

/* Returns 1 when another description than this one holds the byte, else 0. */
int kindred_is_byte_locked(int descriptor, int64_t offset);

/* ---- Pipes and Unix sockets (socket.c) ---- */

/* The most descriptors one message carries: SCM_MAX_FD of the kernel. */
#define KINDRED_DESCRIPTORS_PER_MESSAGE 253

struct kindred_credentials {
    int32_t pid;
    int32_t uid;
    int32_t gid;
};

/* pipe2(2): result[0] is the end to read from, result[1] the end to write to. */
int kindred_pipe(int flags, int result[2]);

/* socketpair(2) of Unix sockets. */
int kindred_socket_pair(int type, int result[2]);

/* socket(2). Returns a descriptor. */
int kindred_socket(int family, int type);

/*
 * bind(2) to a Unix address of `length` bytes; a first byte of NUL makes it abstract. -ENAMETOOLONG for more than 107 bytes (an abstract
 * one: 108).
 */
int kindred_bind_unix(int socket, const char *address, size_t length);

/* connect(2), with the addresses of kindred_bind_unix. */
int kindred_connect_unix(int socket, const char *address, size_t length);

/* listen(2). */
int kindred_listen(int socket, int backlog);

/* accept4(2). Returns a descriptor. */
int kindred_accept(int socket);

/* SO_PEERCRED: who was at the other end when it connected. */
int kindred_peer_credentials(int socket, struct kindred_credentials *result);

/*
 * sendmsg(2) without SIGPIPE; `count` descriptors go with the first byte. Returns the bytes sent. -EINVAL for descriptors without a byte,
 * -EMSGSIZE for more than KINDRED_DESCRIPTORS_PER_MESSAGE.
 */
int64_t kindred_send(int socket, const void *buffer, size_t length, const int *descriptors, size_t count, int flags);

/*
 * recvmsg(2). Returns the bytes received, 0 at the end. Descriptors that came along are put into `descriptors`, the rest of which is filled
 * with -1. When something would be lost nothing is kept, all that came is closed, and the call fails: with -EMSGSIZE when more than `count`
 * descriptors came or a datagram was longer than the buffer, with -EMFILE when this process may have no more descriptors.
 */
int64_t kindred_receive(int socket, void *buffer, size_t length, int *descriptors, size_t count, int flags);

/*
 * One part of a frame to a stream that is a pipe or a socket: the head and then the body, gathered, as far as there is room for them. Never
 * waits, never raises SIGPIPE; a pipe must have O_NONBLOCK for that. `count` descriptors go with the first byte, over a Unix socket. Returns the
 * bytes sent, -EAGAIN when there is no room. -EINVAL for descriptors without a byte, -EMSGSIZE for more than KINDRED_DESCRIPTORS_PER_MESSAGE.
 */
struct kindred_parts {
    const void *head;
    size_t head_length;
    const void *body;
    size_t body_length;
};
int64_t kindred_send_parts(int stream, bool is_socket, const struct kindred_parts *parts, const int *descriptors, size_t count);

/*
 * What is there of a stream that is a pipe or a socket, `length` bytes at most. Never waits, as above. Returns the bytes received, 0 at the end,
 * -EAGAIN when nothing is there. Descriptors that came along are put into `descriptors`, which has room for KINDRED_DESCRIPTORS_PER_MESSAGE, and
 * counted in `count`. If this process may have no more descriptors, those that came are closed and `count` is -EMFILE: the bytes are received all
 * the same, so that the stream goes on behind them.
 */
int64_t kindred_receive_part(int stream, bool is_socket, void *buffer, size_t length, int *descriptors, int *count);

/* ---- Addresses of IPv4 and IPv6 (socket.c) ---- */

/* An address of 4 or 16 bytes in network order, a port in host order, and the scope of a link-local address. */
struct kindred_inet {
    uint8_t address[16];
    uint32_t length;
    uint32_t port;
    uint32_t scope;
};

/* bind(2). -EINVAL for a length that is neither 4 nor 16. */
int kindred_bind_inet(int socket, const struct kindred_inet *address);

/* connect(2): -EINPROGRESS where it goes on without the caller, -EINTR where a signal ended the call and not the connecting. */
int kindred_connect_inet(int socket, const struct kindred_inet *address);

/* getsockname(2), or getpeername(2) if `peer`. -EAFNOSUPPORT for a socket of another family. */
int kindred_inet_name(int socket, bool peer, struct kindred_inet *result);

/* setsockopt(2) of an int. */
int kindred_set_option(int socket, int level, int option, int value);

/* SO_ERROR: the error number that a connecting in the background ended with, 0 for none. */
int kindred_socket_error(int socket);

/* fchmod(2): of a socket before it is bound to a path, the permissions of the file to be. */
int kindred_change_mode(int descriptor, int mode);

/* ---- Processes (process.c) ---- */

/* The most descriptors a new process is given. */
#define KINDRED_SPAWN_DESCRIPTORS_MAX 1024

struct kindred_spawn_request {
    char *const *arguments;   /* NULL at the end; the first is the path of the program */
    char *const *environment; /* NULL at the end */
    const char *folder;       /* working folder, NULL for this process's */
    const int *descriptors;   /* descriptor i of the new process is descriptors[i] of this one; -1 leaves i closed */
    size_t descriptor_count;  /* at most KINDRED_SPAWN_DESCRIPTORS_MAX */
    int death_signal;         /* what the new process gets when the calling thread ends; 0 for nothing */
};

struct kindred_process {
    int32_t pid;
    int32_t pidfd;
};

/*
 * Starts a program. The new process has the descriptors of the request and no other, every signal at its default action, and none blocked.
 * A step that fails before the program runs (also execve itself) is the result here, and no process is left. Returns 0.
 */
int kindred_spawn(const struct kindred_spawn_request *request, struct kindred_process *result);

/* pidfd_open(2). Returns a descriptor. */
int kindred_pidfd_open(int pid);

/* pidfd_send_signal(2). */
int kindred_pidfd_send_signal(int pidfd, int signal);

/* What is added to the number of a signal that killed a process, to tell it from an exit code. */
#define KINDRED_SIGNALLED 256

/*
 * Reaps a child: returns its exit code (0 to 255), or KINDRED_SIGNALLED + the signal that killed it; -EAGAIN while it runs and `hang` is
 * false; -ECHILD when it is no child, was reaped before, or was reaped by the kernel because this process ignores SIGCHLD.
 */
int kindred_wait_child(int pidfd, bool hang);

int kindred_process_id(void);

/* The parent's pid; 0 when it lies outside of this pid namespace. */
int kindred_parent_id(void);

int kindred_user_id(void);

int kindred_thread_id(void);

/*
 * raise(3): sends the calling thread a signal. One that stops or ends the process does so before this returns; by kill(2) it would be some
 * thread's to take, and the caller would run on meanwhile.
 */
int kindred_raise(int signal);

/* PR_SET_PDEATHSIG: what this process gets when the thread that started it ends. */
int kindred_set_death_signal(int signal);

/* sched_setaffinity(2): `mask` has bit i for processor i; thread 0 is the caller. */
int kindred_set_affinity(int thread, const void *mask, size_t length);

/* sched_getaffinity(2): returns how many bytes of `mask` were written. */
int kindred_get_affinity(int thread, void *mask, size_t length);

/* How many processors are online, whichever of them this process may use. */
int kindred_processors(void);

/* Ends the process at once. */
void kindred_exit_now(int code) __attribute__((noreturn));

/* ---- Ends of processes (end.c) ---- */

/* The most threads of which kindred_has_ended can tell that they have all ended. */
#define KINDRED_THREADS_MAX 256

/*
 * Returns 1 if a process, whose pid is of this pid namespace, executes nothing any more and never will, 0 if it may. That is so from the moment
 * when its last thread has let go of its memory, which the kernel begins to free only then, and before it lets go of anything that the memory
 * or a descriptor keeps. A process that is stopped, traced or writing a core dump has its memory still. The answer is 0, too, where it cannot be
 * told: /proc is missing, hides the process or belongs to another pid namespace; the process has been reaped; a thread came or went meanwhile.
 */
int kindred_has_ended(int pid);

/* How many bytes kindred_mark_at_thread_end needs. */
#define KINDRED_MARK_SIZE 32

/*
 * Makes the kernel mark a shared word when the calling thread ends, however it ends: if the word holds the thread's number and FUTEX_WAITERS then,
 * FUTEX_OWNER_DIED takes the number's place and one who waits on the word is woken. For a thread that is killed this comes before its process's
 * memory is freed. `memory` is KINDRED_MARK_SIZE bytes, aligned to 8, that stay in place until the thread has ended. It takes the place of the
 * thread's robust list (set_robust_list(2)): the thread can have no robust pthread mutex.
 */
int kindred_mark_at_thread_end(uint32_t *word, void *memory);

/* ---- Polling (poll.c) ---- */

/* The most events kindred_epoll_wait returns at once. */
#define KINDRED_EVENTS_MAX 64

/* struct epoll_event is packed on one architecture and not on another; this one is the same everywhere. */
struct kindred_event {
    uint32_t events;
    uint32_t reserved;
    int64_t data;
};

/* epoll_create1(2). Returns a descriptor. */
int kindred_epoll_create(void);

/* epoll_ctl(2): `operation` is EPOLL_CTL_...; `data` comes back with an event. */
int kindred_epoll_control(int epoll, int operation, int descriptor, uint32_t events, int64_t data);

/* Waits for at most `milliseconds` (-1: for ever). Returns how many events were written, 0 when time is up. */
int kindred_epoll_wait(int epoll, struct kindred_event *events, int count, int milliseconds);

/* eventfd(2) that never blocks. Returns a descriptor. */
int kindred_event_create(void);

/* Makes it readable. */
int kindred_event_signal(int descriptor);

/* Makes it unreadable: returns 1 when it was readable, else 0. */
int kindred_event_clear(int descriptor);

/* poll(2) of one descriptor: returns the events that are ready, 0 at the deadline. */
int kindred_poll(int descriptor, int events, int64_t deadline);

/* struct pollfd under a name of ours. */
struct kindred_poll_item {
    int32_t descriptor;
    int16_t events;
    int16_t ready;
};

/* poll(2) of many: fills in what is ready and returns how many are, 0 at the deadline. */
int kindred_poll_many(struct kindred_poll_item *items, size_t count, int64_t deadline);

/* ---- The platform (platform.c, constants.c) ---- */

/* The symbolic name of an error number, "E<number>" for an unknown one, cut to fit. Returns 0. */
int kindred_errno_name(int number, char *result, size_t length);

/* What the C library says of an error number, cut to fit. Returns 0. */
int kindred_errno_text(int number, char *result, size_t length);

/*
 * Tries every call that Kindred cannot do without and that an old kernel or a container's profile may lack. Returns 0, or -errno of the
 * first that is missing, whose name goes to `missing`.
 */
int kindred_check_floor(const char **missing);

/* Returns the value of a constant that Java code spells out, such as O_CREAT; -EINVAL for a name that is not known. */
int64_t kindred_constant(const char *name);

#endif
