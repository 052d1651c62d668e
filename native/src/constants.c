/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* The numbers that Java code spells out again, for the test that both agree. */
#include "kindred.h"

#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "calls.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif

struct constant {
    const char *name;
    int64_t value;
};

#define CONSTANT(symbol) \
    { #symbol, symbol }

static const struct constant constants[] = {
    CONSTANT(O_RDONLY),
    CONSTANT(O_WRONLY),
    CONSTANT(O_RDWR),
    CONSTANT(O_CREAT),
    CONSTANT(O_EXCL),
    CONSTANT(O_TRUNC),
    CONSTANT(O_APPEND),
    CONSTANT(O_NONBLOCK),
    CONSTANT(POLLIN),
    CONSTANT(POLLOUT),
    CONSTANT(POLLERR),
    CONSTANT(POLLHUP),
    CONSTANT(PROT_NONE),
    CONSTANT(PROT_READ),
    CONSTANT(PROT_WRITE),
    CONSTANT(MAP_SHARED),
    CONSTANT(MAP_PRIVATE),
    CONSTANT(MAP_FIXED),
    CONSTANT(MAP_ANONYMOUS),
    CONSTANT(MAP_NORESERVE),
    CONSTANT(MADV_REMOVE),
    CONSTANT(MADV_DONTFORK),
    CONSTANT(MADV_DONTDUMP),
    CONSTANT(MADV_POPULATE_READ),
    CONSTANT(F_SEAL_SEAL),
    CONSTANT(F_SEAL_SHRINK),
    CONSTANT(F_SEAL_GROW),
    CONSTANT(FALLOC_FL_KEEP_SIZE),
    CONSTANT(FALLOC_FL_PUNCH_HOLE),
    CONSTANT(AF_UNIX),
    CONSTANT(AF_INET),
    CONSTANT(AF_INET6),
    CONSTANT(SOCK_STREAM),
    CONSTANT(SOCK_NONBLOCK),
    CONSTANT(SOL_SOCKET),
    CONSTANT(SO_REUSEADDR),
    CONSTANT(IPPROTO_TCP),
    CONSTANT(TCP_NODELAY),
    CONSTANT(SOCK_SEQPACKET),
    CONSTANT(MSG_PEEK),
    CONSTANT(MSG_DONTWAIT),
    CONSTANT(MSG_WAITALL),
    CONSTANT(SIGINT),
    CONSTANT(SIGKILL),
    CONSTANT(SIGTERM),
    CONSTANT(SIGCONT),
    CONSTANT(SIGSTOP),
    CONSTANT(EPOLLIN),
    CONSTANT(EPOLLOUT),
    CONSTANT(EPOLLERR),
    CONSTANT(EPOLLHUP),
    CONSTANT(EPOLLONESHOT),
    CONSTANT(EPOLL_CTL_ADD),
    CONSTANT(EPOLL_CTL_DEL),
    CONSTANT(EPOLL_CTL_MOD),
    /* The topmost bit of a word, which Java has as the sign. */
    {"FUTEX_WAITERS", (int32_t) FUTEX_WAITERS},
    CONSTANT(FUTEX_OWNER_DIED),
    /* Ours, under the names that Java gives them. */
    {"WAIT_MAX", KINDRED_WAIT_MAX},
    {"MARK_SIZE", KINDRED_MARK_SIZE},
    {"ENTRY_SIZE", sizeof(struct kindred_wait_word)},
    {"ITEM_SIZE", sizeof(struct kindred_poll_item)},
    {"DESCRIPTORS_PER_MESSAGE", KINDRED_DESCRIPTORS_PER_MESSAGE},
    {"SIGNALLED", KINDRED_SIGNALLED},
    {"DATA_OFFSET", offsetof(struct kindred_event, data)},
    {"STATUS_LENGTH", sizeof(struct kindred_status) / sizeof(int64_t)},
};

int64_t kindred_constant(const char *name) {
    for (size_t i = 0; i < sizeof constants / sizeof constants[0]; i++) {
        if (strcmp(constants[i].name, name) == 0) {
            return constants[i].value;
        }
    }
#define NAME(symbol)                   \
    do {                               \
        if (strcmp(#symbol, name) == 0) { \
            return symbol;             \
        }                              \
    } while (0)
#include "errors.h"
#undef NAME
    return -EINVAL;
}
