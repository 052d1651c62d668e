// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.kindred.tests.support.Delays;
import dev.kindred.tests.sync.Actors;
import dev.kindred.tests.sync.SharedCounter;
import dev.kindred.tests.sync.Strangers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every kind of queue promises to every kind of actor. */
class QueueContractTest {

    private static final int ELEMENTS = 3_000;

    @BeforeAll
    static void startStrangers() {
        Strangers.startShared();
    }

    @AfterAll
    static void endStrangers() {
        Strangers.endShared();
    }

    static Stream<Arguments> all() {
        return Stream.of(Actors.values()).flatMap(actors -> Stream.of(QueueKind.values()).map(kind -> Arguments.of(actors, kind)));
    }

    private static NumberQueue queue(Actors actors, QueueKind kind, int elements) {
        if (actors != Actors.STRANGERS) {
            return kind.create(elements);
        }
        String name = Strangers.newName();
        return Strangers.shared().share((space, _) -> kind.open(space, name, elements));
    }

    /** A number tells its producer and how manieth it is of it. */
    private static long number(int producer, int index) {
        return (long) producer * ELEMENTS + index;
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatOnePutsAnotherTakesInThatOrder(Actors actors, QueueKind kind) throws Exception {
        NumberQueue queue = queue(actors, kind, 16);
        actors.run(2, actor -> {
            for (int i = 0; i < ELEMENTS; i++) {
                if (actor == 0) {
                    queue.put(i);
                } else {
                    assertEquals(i, queue.take());
                }
            }
        });
        assertTrue(queue.isEmpty());
        assertEquals(0, queue.size());
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatSeveralPutIsTakenOnceAndInTheOrderOfEach(Actors actors, QueueKind kind) throws Exception {
        NumberQueue queue = queue(actors, kind, 16);
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(4, actor -> {
                if (actor < 2) {
                    produce(queue, actor);
                } else {
                    consume(queue, counter);
                }
            });
            assertEquals(2L * ELEMENTS, counter.get(0), "elements taken");
            long last = 2L * ELEMENTS - 1;
            assertEquals(last * (last + 1) / 2, counter.get(1), "sum of the elements");
            assertEquals(0, queue.size());
        }
    }

    private static void produce(NumberQueue queue, int producer) throws InterruptedException {
        for (int i = 0; i < ELEMENTS; i++) {
            long number = number(producer, i);
            switch (i % 3) {
                case 0 -> queue.put(number);
                case 1 -> {
                    while (!queue.offer(number)) {
                        Thread.onSpinWait();
                    }
                }
                default -> {
                    while (!queue.offer(number, 50, TimeUnit.MICROSECONDS)) {
                        Thread.onSpinWait();
                    }
                }
            }
        }
    }

    private static void consume(NumberQueue queue, SharedCounter counter) throws InterruptedException {
        long[] last = {-1, -1};
        int round = 0;
        while (counter.get(0) < 2L * ELEMENTS) {
            OptionalLong taken = round++ % 2 == 0 ? queue.poll() : queue.poll(1, TimeUnit.MILLISECONDS);
            if (taken.isPresent()) {
                long number = taken.getAsLong();
                int producer = (int) (number / ELEMENTS);
                assertTrue(number > last[producer], () -> number + " was taken after " + Arrays.toString(last));
                last[producer] = number;
                counter.addAtomically(1, number);
                counter.addAtomically(0, 1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void whoWaitsLearnsThatItIsShutDown(Actors actors, QueueKind kind) throws Exception {
        NumberQueue queue = queue(actors, kind, 16);
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(3, actor -> {
                if (actor == 0) {
                    for (int i = 0; i < 10; i++) {
                        queue.put(i);
                    }
                    queue.shutdown(false);
                } else {
                    try {
                        while (true) {
                            long _ = queue.take();
                            counter.addAtomically(0, 1);
                        }
                    } catch (dev.kindred.channel.QueueShutDownException e) {
                        counter.addAtomically(1, 1);
                    }
                }
            });
            assertEquals(10, counter.get(0), "elements taken");
            assertEquals(2, counter.get(1), "takers that learned of the end");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsWrittenBeforeAPutIsSeenAfterTheTake(Actors actors, QueueKind kind) throws Exception {
        NumberQueue queue = queue(actors, kind, 4);
        try (SharedCounter counter = SharedCounter.create()) {
            actors.run(2, actor -> {
                for (int i = 1; i <= ELEMENTS; i++) {
                    if (actor == 0) {
                        counter.addUnprotected(i % 8, 1);
                        queue.put(i);
                    } else {
                        long number = queue.take();
                        assertTrue(counter.get((int) (number % 8)) >= (number + 7) / 8, () -> "what was written before " + number + " is not seen");
                    }
                }
            });
            assertTrue(queue.poll(Delays.SMALL.toMillis(), TimeUnit.MILLISECONDS).isEmpty());
        }
    }
}
