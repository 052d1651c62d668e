# Copyright 2026 the Kindred authors
# SPDX-License-Identifier: Apache-2.0
"""Two processes take turns under a condition of multiprocessing: each waits for its turn and gives it back. Figure: nanoseconds a round trip."""

import multiprocessing

import pair


def sides():
    """What each process does for one round trip."""
    condition = multiprocessing.Condition(multiprocessing.Lock())
    turn = multiprocessing.RawValue("i", 0)

    def first():
        with condition:
            turn.value = 1
            condition.notify()
            condition.wait_for(lambda: turn.value == 0)

    def second():
        with condition:
            condition.wait_for(lambda: turn.value == 1)
            turn.value = 0
            condition.notify()

    return first, second


if __name__ == "__main__":
    pair.play("ROUND-TRIPS CORE OTHER-CORE", sides)
