// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What an actor's code does, as far as it is known: at which points it asks for what, and where each answer leads.
 *
 * <p>It is learned from the code itself. Where an answer leads that it did not get before is found by running it: from its beginning, with
 * the answers that it got on the way to the point in question, then with the new one, up to its next operation. There its stack is
 * read ({@link LocalState}). If it has stood there before in the same local state, it is the point that was there before, so loops
 * close and there are few points. Runs are thus needed once for each point and answer, not once for each way of interleaving.
 */
final class Program {

    /** So many operations in a row that nobody notices are an endless loop. */
    private static final int LONGEST_PASSAGE = 1_000_000;

    /** Ends a run at the point that was in question. The code's finally blocks see it again at each operation. */
    private static final class Abandoned extends Error {
        private static final long serialVersionUID = 1;

        Abandoned() {
            super(null, null, false, false);
        }
    }

    private record Place(LocalState state, Operation operation) {}

    private final Cast.Role role;
    private final Cast cast;
    private final Predicate<Operation> isPassing;
    private final LocalState.Reader reader;
    private final Map<Object, Point> byPlace = new HashMap<>();
    private final List<Point> points = new ArrayList<>();
    private int runs;

    /**
     * A program of which nothing is known yet.
     *
     * @param isPassing tells the operations of which nobody else notices when they are done; they need no point of their own
     * @param reader    of local states; null to tell points by all answers up to there, which makes many more of them
     */
    Program(Cast.Role role, Cast cast, Predicate<Operation> isPassing, LocalState.Reader reader) {
        this.role = role;
        this.cast = cast;
        this.isPassing = isPassing;
        this.reader = reader;
    }

    Point point(int number) {
        return points.get(number);
    }

    int size() {
        return points.size();
    }

    /** {@return how often the code was run} */
    int runs() {
        return runs;
    }

    /** {@return the point at which the code begins} */
    Point begin(Performer passing) {
        return new Run(List.of(), 0, passing).learn();
    }

    /**
     * {@return the next point that others notice after the operation of a point}
     *
     * @param answer  to the point's operation
     * @param passing performs those that nobody notices
     */
    Point advance(Point point, long answer, Performer passing) {
        Point at = point;
        long answered = answer;
        while (true) {
            Point next = at.after(answered);
            if (next == null) {
                return new Run(at.way(), answered, passing).learn();
            }
            if (next.number() != Point.PASSING) {
                return next;
            }
            at = next;
            answered = passing.perform(next.operation());
        }
    }

    /** {@return the frames of the code at a point, for people to read} */
    List<StackFrame> frames(Point point) {
        if (isEnd(point.operation())) {
            return List.of();
        }
        return new Run(point.way(), 0, null).frames();
    }

    private static boolean isEnd(Operation operation) {
        return operation instanceof Operation.Finish || operation instanceof Operation.Fail;
    }

    private static boolean isOwn(Class<?> type) {
        return type.getPackage() == Program.class.getPackage();
    }

    /** One run of the code. */
    private final class Run implements Performer {

        private final List<Point> way;
        private final Performer passing;
        private int passed;
        private int passages;
        private Point last;
        private long answer;
        private Point arrived;
        private List<StackFrame> frames;
        private Violation violation;

        /**
         * A run.
         *
         * @param way     the points up to the one in question, from the beginning
         * @param answer  to its operation
         * @param passing performs the operations from there on; null if the run ends there
         */
        Run(List<Point> way, long answer, Performer passing) {
            this.way = way;
            this.answer = answer;
            this.passing = passing;
        }

        Point learn() {
            run();
            if (violation != null) {
                throw violation;
            }
            return arrived;
        }

        List<StackFrame> frames() {
            run();
            return frames;
        }

        private void run() {
            runs++;
            try {
                role.code().accept(new Actor(this, role, cast));
                finish(new Operation.Finish());
            } catch (Abandoned _) {
                return;
            } catch (RuntimeException | AssertionError e) {
                finish(new Operation.Fail(e));
            }
        }

        private boolean isOver() {
            return arrived != null || frames != null || violation != null;
        }

        private void finish(Operation end) {
            if (!isOver()) {
                if (passed < way.size()) {
                    throw strayed(end);
                }
                arrive(end, end);
            }
        }

        @Override
        public long perform(Operation operation) {
            if (isOver()) {
                throw new Abandoned();
            }
            if (passed < way.size()) {
                return repeat(operation);
            }
            if (isPassing.test(operation)) {
                return pass(operation);
            }
            arrive(operation, place(operation));
            throw new Abandoned();
        }

        private long repeat(Operation operation) {
            last = way.get(passed++);
            if (!last.operation().equals(operation)) {
                throw strayed(operation);
            }
            if (passed < way.size()) {
                return way.get(passed).answerBefore();
            }
            if (passing == null) {
                frames = StackReader.frames(Program::isOwn);
                throw new Abandoned();
            }
            return answer;
        }

        private long pass(Operation operation) {
            if (++passages > LONGEST_PASSAGE) {
                throw new Violation(role.name() + " goes round in circles and nobody notices; " + operation + " is part of it");
            }
            Point next = new Point(Point.PASSING, operation, last, answer);
            connect(next);
            last = next;
            try {
                answer = passing.perform(operation);
            } catch (Violation e) {
                violation = e;
                throw new Abandoned();
            }
            return answer;
        }

        private Object place(Operation operation) {
            return reader == null ? new Object() : new Place(reader.read(StackReader.frames(Program::isOwn)), operation);
        }

        private void arrive(Operation operation, Object place) {
            arrived = byPlace.computeIfAbsent(place, _ -> {
                Point point = new Point(points.size(), operation, last, answer);
                points.add(point);
                return point;
            });
            connect(arrived);
        }

        private void connect(Point next) {
            if (last != null) {
                last.leadsTo(answer, next);
            }
        }

        private ExplorerError strayed(Operation operation) {
            Operation before = way.get(Math.min(passed, way.size()) - 1).operation();
            return new ExplorerError(role.name() + " is not deterministic: given the same answers it did " + operation
                    + " where it had done " + before + "; does it ask anybody but Words for the time, or chance?");
        }
    }
}
