// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Where an actor stands: before an operation, with all on which it depends what it does after it. */
final class Point {

    /** The number of a point that no state refers to, because nothing happens between it and the one before. */
    static final int PASSING = -1;

    /** The answers with which the operation was left so far, and where they led. */
    private long[] answers = new long[1];
    private Point[] next = new Point[1];
    private int known;

    private final int number;
    private final Operation operation;
    private final Point before;
    private final long answerBefore;

    /**
     * A point.
     *
     * @param number       of the point among those of its actor, or {@link #PASSING}
     * @param operation    what the actor does next
     * @param before       a point from which it came here, null for the beginning
     * @param answerBefore what the answer was then
     */
    Point(int number, Operation operation, Point before, long answerBefore) {
        this.number = number;
        this.operation = operation;
        this.before = before;
        this.answerBefore = answerBefore;
    }

    int number() {
        return number;
    }

    Operation operation() {
        return operation;
    }

    /** {@return where an answer leads, or null if that is not known yet} */
    Point after(long answer) {
        for (int i = 0; i < known; i++) {
            if (answers[i] == answer) {
                return next[i];
            }
        }
        return null;
    }

    void leadsTo(long answer, Point point) {
        if (known == answers.length) {
            answers = Arrays.copyOf(answers, known * 2);
            next = Arrays.copyOf(next, known * 2);
        }
        answers[known] = answer;
        next[known] = point;
        known++;
    }

    /** {@return a way from the beginning to this point: it, and all points before it} */
    List<Point> way() {
        List<Point> way = new ArrayList<>();
        for (Point point = this; point != null; point = point.before) {
            way.add(point);
        }
        Collections.reverse(way);
        return way;
    }

    /** {@return the answer to the operation of the point before on the way here} */
    long answerBefore() {
        return answerBefore;
    }
}
