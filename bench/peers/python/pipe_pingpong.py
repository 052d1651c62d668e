# Copyright 2026 the Kindred authors
# SPDX-License-Identifier: Apache-2.0
"""Two processes send messages of 32 bytes to each other and back over a two-way Pipe of multiprocessing. Figure: nanoseconds a round trip."""

import multiprocessing

import pair

MESSAGE = bytes(32)


def sides():
    """What each process does for one round trip."""
    one, other = multiprocessing.Pipe()

    def first():
        one.send_bytes(MESSAGE)
        one.recv_bytes()

    def second():
        other.recv_bytes()
        other.send_bytes(MESSAGE)

    return first, second


if __name__ == "__main__":
    pair.play("ROUND-TRIPS CORE OTHER-CORE", sides)
