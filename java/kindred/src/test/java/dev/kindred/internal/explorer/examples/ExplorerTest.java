// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import dev.kindred.internal.explorer.Actor;
import dev.kindred.internal.explorer.Exploration;
import dev.kindred.internal.explorer.Report;
import dev.kindred.internal.explorer.Scenario;
import dev.kindred.internal.explorer.Violation;
import dev.kindred.internal.words.WordSet;
import dev.kindred.internal.words.Words;

/** The explorer itself: it sees all that there is, nothing else, and finds what is wrong. */
class ExplorerTest {

    private static final long WORD = 512;
    private static final long OTHER = 520;
    private static final long LOCK = 528;

    private static Scenario scenario(String name) {
        return new Scenario(name).word(WORD, "word").word(OTHER, "other").word(LOCK, "lock");
    }

    private static void assertFinds(String what, Scenario scenario) {
        Violation violation = assertThrows(Violation.class, scenario::explore);
        assertTrue(violation.getMessage().contains(what), violation::getMessage);
    }

    /** What a lock is at the least: free 0, held 1, held while somebody sleeps 2. */
    private static void lock(Words words) {
        int seen = words.compareAndSet(LOCK, 0, 1) ? 0 : 2;
        while (seen != 0) {
            seen = words.getVolatile(LOCK);
            if (seen == 0 && words.compareAndSet(LOCK, 0, 2)) {
                return;
            }
            if (seen == 2 || (seen == 1 && words.compareAndSet(LOCK, 1, 2))) {
                words.await(LOCK, 2, words.epoch(), Words.NO_DEADLINE, false);
                seen = 2;
            }
            seen = seen == 0 ? 2 : seen;
        }
    }

    private static void unlock(Words words) {
        if (words.getAndAdd(LOCK, -1) != 1) {
            words.setVolatile(LOCK, 0);
            words.wake(LOCK, 1);
        }
    }

    private static Consumer<Actor> counting(int steps) {
        return actor -> {
            for (int i = 0; i < steps; i++) {
                actor.words().getAndAdd(WORD, 1);
            }
        };
    }

    @Exploration
    void visitsEveryInterleavingOnce() {
        Report report = scenario("two count").actor("A", counting(3)).actor("B", counting(4)).explore();
        assertEquals(4 * 5, report.states());
        assertEquals(3 * 5 + 4 * 4, report.moves());
        assertEquals(8, report.memories());
    }

    @Exploration
    void killsAtEveryStep() {
        Report report = scenario("one counts and is killed").deaths(1).actor("A", counting(3)).explore();
        assertEquals(4 + 4, report.states(), "alive and dead, after none to three steps");
        assertEquals(3 + 4, report.moves());
    }

    @Exploration
    void closesLoops() {
        Report report = scenario("waits for a word that changes").actor("A", actor -> {
            while (actor.words().getVolatile(WORD) == 0) {
                actor.words().getVolatile(OTHER);
            }
        }).actor("B", counting(1)).explore();
        assertTrue(report.states() < 10, report.toString());
    }

    /** The value of a variable that is read later makes a difference, and the value of one that is not makes none. */
    @Exploration
    void tellsStatesApartByWhatIsReadLater() {
        Consumer<Actor> forgetful = actor -> {
            int seen = actor.words().getVolatile(WORD);
            Actor.check(seen < 9, "never so many");
            actor.words().getVolatile(OTHER);
        };
        Consumer<Actor> mindful = actor -> {
            int seen = actor.words().getVolatile(WORD);
            actor.words().getVolatile(OTHER);
            Actor.check(seen < 9, "never so many");
        };
        assertEquals(3 * 6, scenario("forgets").actor("A", forgetful).actor("B", counting(5)).explore().states());
        assertTrue(scenario("minds").actor("A", mindful).actor("B", counting(5)).explore().states() > 3 * 6);
    }

    /** Longs, operands of an expression that is half done, a variable of a block that ended, what finally keeps: none is lost. */
    @Exploration
    void readsEverythingOffTheStack() {
        scenario("all kinds of variables").actor("A", actor -> {
            Words words = actor.words();
            double half = words.getVolatile(WORD) / 2.0;
            long large = words.getVolatile(WORD) * 1_000_000_000_000L;
            float small = words.getVolatile(WORD);
            for (int i = 0; i < 2; i++) {
                int block = words.getVolatile(WORD) + i;
                Actor.check(block - i <= 2, "block");
            }
            int[] array = {words.getVolatile(WORD), words.getVolatile(WORD)};
            long before = words.getVolatile(WORD);
            long sum = before * 100 + words.getVolatile(WORD) * 10L + kept(words);
            Actor.check(sum / 100 == before && sum % 10 <= 2, "operands: " + sum);
            Actor.check(half <= large && large <= 2_000_000_000_000L && small <= 2 && array[0] <= array[1], "order");
        }).actor("B", counting(2)).explore();
    }

    private static int kept(Words words) {
        int first = words.getVolatile(WORD);
        try {
            return first;
        } finally {
            words.getVolatile(OTHER);
        }
    }

    @Exploration
    void mergingByLocalStateLosesNothing() {
        IntFunction<Scenario> threeLock = deaths -> {
            Scenario scenario = scenario("three lock").deaths(deaths);
            for (String name : List.of("A", "B", "C")) {
                scenario.actor(name, actor -> {
                    lock(actor.words());
                    actor.words().setPlain(WORD, actor.words().getPlain(WORD) * 3 + name.charAt(0));
                    actor.words().compareAndSet(OTHER, actor.words().getPlain(WORD), 7);
                    unlock(actor.words());
                });
            }
            return scenario;
        };
        Report merged = threeLock.apply(0).explore();
        Report unmerged = threeLock.apply(0).mergingNothing().explore();
        assertTrue(merged.states() < unmerged.states());
        assertEquals(unmerged.memories(), merged.memories());
        assertEquals(unmerged.contents(), merged.contents());
    }

    @Exploration
    void notInterleavingGuardedAccessesLosesNoEnding() {
        Consumer<Actor> code = actor -> {
            Words words = actor.words();
            if (words.compareAndSet(LOCK, 0, actor.process() + 1)) {
                words.setPlain(WORD, words.getPlain(WORD) * 3 + actor.process() + 1);
                words.setPlain(OTHER, words.getPlain(WORD) + words.getPlain(OTHER));
                words.setPlain(WORD, words.getPlain(WORD) + 1);
                words.setVolatile(LOCK, 0);
            }
        };
        IntFunction<Scenario> three = deaths ->
                scenario("three try a lock").deaths(deaths).actor("A", code).actor("B", code).actor("C", code);
        Scenario.Holder holder = (world, process) -> world.getInt(LOCK) == 1 + process.charAt(0) - 'A';
        for (int deaths = 0; deaths <= 2; deaths++) {
            Report all = three.apply(deaths).explore();
            Report some = three.apply(deaths).guarded(WORD, OTHER + Long.BYTES, holder).explore();
            assertTrue(some.states() < all.states());
            assertEquals(all.ends(), some.ends());
            assertEquals(all.endings(), some.endings());
        }
    }

    @Exploration
    void findsALostUpdate() {
        Consumer<Actor> increment = actor -> actor.words().setPlain(WORD, actor.words().getPlain(WORD) + 1);
        assertFinds("in the end an update is lost", scenario("no lock").actor("A", increment).actor("B", increment)
                .neverInTheEnd("an update is lost", world -> world.getInt(WORD) != 2));
    }

    @Exploration
    void findsALostWakeUp() {
        Consumer<Actor> sleeper = actor -> {
            while (actor.words().getVolatile(WORD) == 0) {
                actor.words().await(WORD, 0, actor.words().epoch(), Words.NO_DEADLINE, false);
            }
        };
        scenario("a wake-up after the store").actor("A", sleeper).actor("B", actor -> {
            actor.words().setVolatile(WORD, 1);
            actor.words().wake(WORD, 1);
        }).explore();
        assertFinds("somebody waits for ever", scenario("a wake-up before the store").actor("A", sleeper).actor("B", actor -> {
            actor.words().wake(WORD, 1);
            actor.words().setVolatile(WORD, 1);
        }));
        assertFinds("somebody waits for ever", scenario("too few wake-ups").actor("A", sleeper).actor("B", sleeper).actor("C", actor -> {
            actor.words().setVolatile(WORD, 1);
            actor.words().wake(WORD, 1);
        }));
    }

    @Exploration
    void wakesEveryChoiceOfSleepers() {
        Scenario scenario = scenario("three sleep, two are woken");
        for (int i = 0; i < 3; i++) {
            scenario.daemon("sleeper" + i, actor -> {
                actor.words().await(WORD, 0, 0, Words.NO_DEADLINE, false);
                actor.set("woken", 1);
            });
        }
        scenario.actor("waker", actor -> {
            actor.until("all sleep", world -> IntStream.range(0, 3).allMatch(i -> world.isAsleep("sleeper" + i)));
            actor.words().wake(WORD, 2);
            actor.add("done", 1);
        });
        scenario.never("not two were woken", world -> world.get("done") == 1 && world.sum("woken") != 2);
        long memories = scenario.explore().memories();
        assertEquals(1 + 3, memories, "the choices of two of three");
    }

    @Exploration
    void wakesWhoSleepsOnManyWords() {
        Consumer<Actor> sleeper = actor -> {
            WordSet set = new WordSet();
            set.add(WORD, 0);
            set.add(OTHER, 0);
            while (actor.words().getVolatile(OTHER) == 0) {
                actor.words().awaitAny(set, actor.words().epoch(), Words.NO_DEADLINE);
            }
        };
        scenario("the second is woken").actor("A", sleeper).actor("B", actor -> {
            actor.words().setVolatile(OTHER, 1);
            actor.words().wake(OTHER, 1);
        }).explore();
        assertFinds("somebody waits for ever", scenario("neither is woken").actor("A", sleeper).actor("B", actor -> {
            actor.words().setVolatile(OTHER, 1);
            actor.words().wake(LOCK, 1);
        }));
    }

    @Exploration
    void locksOutliveTheirProcessWhereTheKernelIsSlow() {
        Scenario scenario = scenario("a lock ends late").deaths(1).lingering();
        scenario.actor("A", actor -> {
            actor.tryLock(7);
            actor.pause("holding it");
        });
        scenario.observer("B", actor -> {
            actor.awaitDeath(0);
            Actor.check(actor.hasEnded(0), "the process was killed");
            boolean isHeld = actor.isLocked(7);
            actor.until("the lock has ended", world -> !world.isLocked(7));
            actor.add(isHeld ? "was held by the dead" : "had ended", 1);
        });
        assertEquals(4, scenario.explore().memories(), "free, held, one that was held by the dead, one that was not");
    }

    @Exploration
    void findsADeadlock() {
        Consumer<Actor> forwards = actor -> {
            actor.until("one is free", world -> world.getInt(WORD) == 0);
            actor.words().setVolatile(WORD, 1);
            actor.until("the other is free", world -> world.getInt(OTHER) == 0);
            actor.words().setVolatile(WORD, 0);
        };
        Consumer<Actor> backwards = actor -> {
            actor.until("the other is free", world -> world.getInt(OTHER) == 0);
            actor.words().setVolatile(OTHER, 1);
            actor.until("one is free", world -> world.getInt(WORD) == 0);
            actor.words().setVolatile(OTHER, 0);
        };
        assertFinds("somebody waits for ever", scenario("the wrong way round").actor("A", forwards).actor("B", backwards));
    }

    @Exploration
    void findsAnEndlessCircle() {
        assertFinds("nobody can get out of here", scenario("each waits for the other to go first")
                .actor("A", actor -> {
                    while (actor.words().getVolatile(WORD) == 0) {
                        actor.words().setVolatile(OTHER, 0);
                    }
                })
                .actor("B", actor -> {
                    while (actor.words().getVolatile(OTHER) == 0) {
                        actor.words().setVolatile(WORD, 0);
                    }
                }));
    }

    @Exploration
    void findsThatOnlyATimeOutHelps() {
        Consumer<Actor> sleeper = actor -> actor.words().await(WORD, 0, 0, 10, false);
        assertFinds("somebody waits for ever", scenario("no deadline comes").actor("A", sleeper));
        assertFinds("somebody waits for ever", scenario("a deadline comes, but nobody may need it").deadlines(10).actor("A", sleeper));
        scenario("a deadline comes").deadlines(10).deadlinesSave().actor("A", sleeper).explore();
        assertFinds("somebody waits for ever", scenario("it is too late").deadlines(9).deadlinesSave().actor("A", sleeper));
    }

    @Exploration
    void endsWaitsInEachWay() {
        Scenario scenario = scenario("a wait ends").deadlines(10).interrupts(1).spuriousWakeUps().deadlinesSave();
        scenario.actor("A", actor -> {
            int ended = actor.words().await(WORD, 0, 0, 10, true);
            actor.add(ended == Words.WOKEN ? "woken" : ended == Words.TIMED_OUT ? "timed out" : "interrupted", 1);
            Actor.check(actor.words().now() == (ended == Words.TIMED_OUT ? 10 : 0), "the clock is wrong");
        });
        scenario.neverInTheEnd("it ended not once",
                world -> world.get("woken") + world.get("timed out") + world.get("interrupted") != 1);
        assertEquals(4, scenario.explore().memories());
    }

    @Exploration
    void findsWhatADeathLeavesBehind() {
        Scenario scenario = scenario("a lock that outlives its holder").deaths(1);
        for (String name : List.of("A", "B")) {
            scenario.actor(name, actor -> {
                lock(actor.words());
                unlock(actor.words());
            });
        }
        assertFinds("is KILLED", scenario);
    }

    @Exploration
    void stopsAtEveryStepWhoMayBeStopped() {
        assertEquals(4 + 4, scenario("one counts and is stopped").stops(1, "A").actor("A", counting(3)).explore().states());
        assertEquals(4, scenario("nobody is stopped").stops(1, "B").actor("A", counting(3)).explore().states());
        Scenario scenario = scenario("a stopped process keeps a lock").stops(1, "A");
        scenario.actor("A", actor -> {
            actor.tryLock(7);
            actor.pause("holding it");
            actor.unlock(7);
        });
        scenario.actor("B", actor -> actor.until("the lock is free", world -> !world.holds("A", 7)));
        assertFinds("is STOPPED", scenario);
    }

    @Exploration
    void endsWhatTheKernelEndsWithAProcess() {
        Scenario scenario = scenario("a lock of the kernel's").deaths(1);
        scenario.actor("A", actor -> {
            Actor.check(actor.tryLock(7), "taken");
            actor.pause("holding it");
            actor.unlock(7);
        });
        scenario.immortal("B", actor -> {
            actor.until("A is dead or done", world -> !world.isAlive("A") || world.isFinished("A"));
            Actor.check(!actor.isLocked(7), "the lock outlives its holder");
        });
        scenario.explore();
    }

    @Exploration
    void threadsOfAProcessShareAGateAndDieTogether() {
        Scenario scenario = scenario("two threads").deaths(1);
        Consumer<Actor> code = actor -> {
            var gate = actor.words().newGate();
            gate.enter(Words.NO_DEADLINE, false);
            actor.set("inside", 1);
            actor.pause("inside");
            actor.set("inside", 0);
            gate.leave();
        };
        scenario.actor("A", code).thread("B", code);
        scenario.never("two are inside", world -> world.sum("inside") > 1);
        scenario.never("one outlives the other", world -> world.isAlive("A") != world.isAlive("B"));
        assertTrue(scenario.explore().states() > 10);
    }

    @Exploration
    void guardedAccessesAreNotInterleavedAndTheirHolderDiesBeforeEach() {
        Scenario scenario = scenario("guarded").deaths(1).guarded(WORD, OTHER + 8, (world, process) -> world.get(process, "holds") == 1);
        scenario.actor("A", actor -> {
            actor.words().getVolatile(LOCK);
            actor.set("holds", 1);
            actor.words().setPlain(WORD, 1);
            actor.words().getPlain(WORD);
            actor.words().setPlain(OTHER, 1);
            actor.words().getVolatile(LOCK);
            actor.set("holds", 0);
        });
        scenario.actor("B", counting(0));
        Report report = scenario.explore();
        // A: at the start, after all stores, at the end; dead with no store, with one, with both. B: done, or dead while A lives.
        assertEquals(3 + 3 + 3, report.states());
    }

    @Exploration
    void findsWhoTouchesWhatIsGuarded() {
        assertFinds("did not hold the lock", scenario("unguarded")
                .guarded(WORD, WORD + 8, (_, _) -> false).actor("A", actor -> actor.words().getPlain(WORD)));
        assertFinds("changed what is taken for constant", scenario("not constant").constant(WORD).actor("A", counting(1)));
    }

    @Exploration
    void findsWhoTouchesAHole() {
        assertFinds("SIGBUS", scenario("a hole").holes().actor("A", counting(1)));
        scenario("no hole").holes().prepare(actor -> actor.reserve(0, 4096)).actor("A", counting(1)).explore();
        assertFinds("SIGBUS", scenario("a hole again").holes().prepare(actor -> {
            actor.reserve(0, 4096);
            actor.punch(0, 4096);
        }).actor("A", counting(1)));
    }

    @Exploration
    void refusesActorsWhoseStepsDependOnSomethingElse() {
        AtomicInteger runs = new AtomicInteger();
        Error error = assertThrows(Error.class, () -> scenario("a count of runs").actor("A", actor -> {
            long word = runs.getAndIncrement() % 2 == 0 ? WORD : OTHER;
            for (int i = 0; i < 2; i++) {
                actor.words().getVolatile(word);
            }
        }).explore());
        assertTrue(error.getMessage().contains("not deterministic"), error.getMessage());
    }

    @Exploration
    void tellsTheWayThere() {
        Violation violation = assertThrows(Violation.class, scenario("a trace").actor("A", actor -> {
            actor.words().compareAndSet(WORD, 0, 0x1234);
            Actor.check(actor.words().getVolatile(OTHER) == 0, "B was here");
        }).actor("B", actor -> actor.words().setVolatile(OTHER, 5))::explore);
        String message = violation.getMessage();
        assertTrue(message.startsWith("a trace: A: B was here"), message);
        assertTrue(message.contains("compareAndSet word: 0 -> 0x1234 = true"), message);
        assertTrue(message.contains("store other = 5"), message);
        assertTrue(message.matches("(?s).*ExplorerTest\\.lambda.*:\\d+.*"), message);
        assertEquals(1 + 3 + 2, message.lines().count(), "three steps, and where the two stand: " + message);
    }
}
