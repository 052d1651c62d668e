# Copyright 2026 the Kindred authors
# SPDX-License-Identifier: Apache-2.0
"""Two processes, each pinned to a core of its own, that hand something to each other and back, again and again."""

import multiprocessing
import time

import peer


def play(usage, make_sides):
    """Plays rounds. Figure: nanoseconds a round trip.

    make_sides returns two functions, what the first and what the second process does for one round trip.
    """
    round_trips, core, other = peer.arguments(usage)
    first, second = make_sides()
    calls = multiprocessing.Semaphore(0)

    def answer():
        peer.pin(other)
        while True:
            calls.acquire()
            for _ in range(round_trips):
                second()

    multiprocessing.Process(target=answer, daemon=True).start()
    peer.pin(core)

    def play_round():
        calls.release()
        start = time.monotonic_ns()
        for _ in range(round_trips):
            first()
        return (time.monotonic_ns() - start) / round_trips

    peer.play_rounds(play_round)
