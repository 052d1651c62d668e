// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.os;

import dev.kindred.SystemCallException;

/** The error numbers that Java code looks at, and how a result becomes an exception. */
public final class Errno {

    /** Operation not permitted: also what a container's profile says of a call it forbids. */
    public static final int EPERM = 1;

    /** No such file. */
    public static final int ENOENT = 2;

    /** No such process. */
    public static final int ESRCH = 3;

    /** A signal came. */
    public static final int EINTR = 4;

    /** No such descriptor. */
    public static final int EBADF = 9;

    /** No such child. */
    public static final int ECHILD = 10;

    /** Not now. */
    public static final int EAGAIN = 11;

    /** No memory. */
    public static final int ENOMEM = 12;

    /** Permission denied. */
    public static final int EACCES = 13;

    /** No memory there. */
    public static final int EFAULT = 14;

    /** The file exists. */
    public static final int EEXIST = 17;

    /** A wrong argument. */
    public static final int EINVAL = 22;

    /** Too many open files on this machine. */
    public static final int ENFILE = 23;

    /** Too many open files. */
    public static final int EMFILE = 24;

    /** The file would become too large. */
    public static final int EFBIG = 27;

    /** No space is left. */
    public static final int ENOSPC = 28;

    /** Nobody is at the other end. */
    public static final int EPIPE = 32;

    /** The name is too long. */
    public static final int ENAMETOOLONG = 36;

    /** The kernel does not have this call. */
    public static final int ENOSYS = 38;

    /** A symbolic link where none is followed. */
    public static final int ELOOP = 40;

    /** It is no socket. */
    public static final int ENOTSOCK = 88;

    /** The message is too long. */
    public static final int EMSGSIZE = 90;

    /** Whoever is asked cannot do this. */
    public static final int EOPNOTSUPP = 95;

    /** The address is of a family that is not known there. */
    public static final int EAFNOSUPPORT = 97;

    /** The address is taken. */
    public static final int EADDRINUSE = 98;

    /** The other end went away. */
    public static final int ECONNRESET = 104;

    /** Time is up. */
    public static final int ETIMEDOUT = 110;

    /** Nobody listens. */
    public static final int ECONNREFUSED = 111;

    /** What was begun goes on. */
    public static final int EINPROGRESS = 115;

    private static final int ANSWER_LENGTH = 256;

    private Errno() {}

    /** {@return the symbolic name of an error number, such as {@code ENOENT}} */
    public static String name(int errno) {
        byte[] answer = new byte[ANSWER_LENGTH];
        Native.errnoName(errno, answer);
        return Texts.text(answer);
    }

    /** {@return what the C library says of an error number} */
    public static String text(int errno) {
        byte[] answer = new byte[ANSWER_LENGTH];
        Native.errnoText(errno, answer);
        return Texts.text(answer);
    }

    /**
     * {@return the exception for a call that failed}
     *
     * @param result         the call's result: {@code -errno}
     * @param call           the call's name
     * @param namesAndValues the names of its arguments, each followed by its value
     */
    static SystemCallException failure(long result, String call, Object... namesAndValues) {
        int errno = Math.toIntExact(-result);
        StringBuilder arguments = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            arguments.append(i == 0 ? "" : ", ").append(namesAndValues[i]).append('=').append(namesAndValues[i + 1]);
        }
        return new SystemCallException(call, arguments.toString(), errno, name(errno), text(errno));
    }
}
