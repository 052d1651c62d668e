# Copyright 2026 the Kindred authors
# SPDX-License-Identifier: Apache-2.0
#
# Builds for linux-aarch64 on another machine, and tests under its emulator. Debian: gcc-aarch64-linux-gnu, qemu-user-static.

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static -L /usr/aarch64-linux-gnu)
