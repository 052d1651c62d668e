// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.tasks;

import dev.kindred.channel.Queue;

/** Some processes put small records, as many others take them. */
public class QueueObjects extends Transfer<Queue<QueueObjects.Point>> {

    /** How many elements a round of the peer has. */
    public static final int THEIR_ELEMENTS = 20_000;

    private static final int ELEMENTS = 1_000_000;

    /**
     * An element. The peer's has the same in it.
     *
     * @param id   a number
     * @param x    another one
     * @param name a text
     */
    public record Point(int id, double x, String name) {}

    /** One process that puts, one that takes. */
    public QueueObjects() {
        this(1);
    }

    /** The first {@code pairs} processes put, the others take. */
    QueueObjects(int pairs) {
        super(2 * pairs, new Queue<>(), ELEMENTS, (queue, process) -> {
            if (process < pairs) {
                put(queue, ELEMENTS / pairs);
            } else {
                take(queue, ELEMENTS / pairs);
            }
        });
    }

    private static void put(Queue<Point> queue, int elements) throws InterruptedException {
        for (int i = 0; i < elements; i++) {
            queue.put(new Point(i, i / 2.0, "a point"));
        }
    }

    private static void take(Queue<Point> queue, int elements) throws InterruptedException {
        for (int i = 0; i < elements; i++) {
            Point point = queue.take();
            if (point.x != point.id / 2.0) {
                throw new IllegalStateException("an element that nobody put: " + point);
            }
        }
    }
}
