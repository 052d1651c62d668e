# Copyright 2026 the Kindred authors
# SPDX-License-Identifier: Apache-2.0
"""Some processes put small tuples into a Queue of multiprocessing, as many others take them. Figure: nanoseconds an element, until all are taken.

The first PAIRS processes, of which this is one, put; the others take. Process i is pinned to the cores in turns.
"""

import multiprocessing
import time

import peer


def main():
    elements, core, other, pairs = peer.arguments("ELEMENTS CORE OTHER-CORE PAIRS")
    queue = multiprocessing.Queue()
    calls = multiprocessing.Semaphore(0)
    ends = multiprocessing.Semaphore(0)
    started = multiprocessing.Barrier(2 * pairs)
    share = elements // pairs

    def put():
        for i in range(share):
            queue.put((i, i / 2.0, "a point"))

    def take():
        for _ in range(share):
            queue.get()

    def follow(part, own_core):
        peer.pin(own_core)
        while True:
            calls.acquire()
            started.wait()
            part()
            ends.release()

    for process in range(1, 2 * pairs):
        part = put if process < pairs else take
        multiprocessing.Process(target=follow, args=(part, other if process % 2 else core), daemon=True).start()
    peer.pin(core)

    def play_round():
        for _ in range(2 * pairs - 1):
            calls.release()
        started.wait()
        start = time.monotonic_ns()
        put()
        for _ in range(2 * pairs - 1):
            ends.acquire()
        return (time.monotonic_ns() - start) / elements

    peer.play_rounds(play_round)


if __name__ == "__main__":
    main()
