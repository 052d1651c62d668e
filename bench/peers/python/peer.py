# Copyright 2026 the Kindred authors
# SPDX-License-Identifier: Apache-2.0
"""What the peers in Python have in common.

A peer warms up, prints "ready", and then plays one round for every line on its standard input, of which it prints the figure on a line of
its own. It ends at the end of its input. So it can be played by hand, too:

    yes | head -5 | python3 lock_uncontended.py 200000 0
"""

import os
import sys


def arguments(usage):
    """The whole numbers of the command line, as many as the usage has words."""
    words = sys.argv[1:]
    if len(words) != len(usage.split()) or not all(word.isdecimal() for word in words):
        sys.exit(f"usage: {sys.argv[0]} {usage}")
    return [int(word) for word in words]


def pin(core, pid=0):
    """Keeps a process (this one by default) on one core; what it starts later inherits that."""
    os.sched_setaffinity(pid, {core})


def play_rounds(play):
    """Plays one round to warm up, then one for every line of the standard input."""
    play()
    print("ready", flush=True)
    for _ in sys.stdin:
        print(f"{play():.4f}", flush=True)
