// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Child processes that share memory and locks with their parent, and go on working when any of them is killed.
 *
 * <p>The module calls the C library, so a program that uses it is started with {@code
 * --enable-native-access=dev.kindred}, or with {@code --enable-native-access=ALL-UNNAMED} where Kindred lies on the
 * class path.
 */
module dev.kindred {
    requires static org.jspecify;
    requires java.management;

    exports dev.kindred;
    exports dev.kindred.channel;
    exports dev.kindred.memory;
    exports dev.kindred.process;
    exports dev.kindred.sync;
}
