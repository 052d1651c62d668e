# Copyright 2026 the Kindred authors
# SPDX-License-Identifier: Apache-2.0
#
# Builds for linux-x86_64-musl on a machine with glibc, whose kernel runs the tests as well. Debian: musl-tools.

set(CMAKE_C_COMPILER musl-gcc)
# The wrapper brings no headers of the kernel, and musl's CMSG_NXTHDR mixes signs.
set(CMAKE_C_FLAGS_INIT "-idirafter /usr/include -idirafter /usr/include/x86_64-linux-gnu -Wno-sign-conversion")
