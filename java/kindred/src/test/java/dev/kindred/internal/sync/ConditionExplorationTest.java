// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import dev.kindred.internal.domain.SimulatedFamily;
import dev.kindred.internal.domain.SimulatedFamily.Member;
import dev.kindred.internal.explorer.Exploration;
import dev.kindred.internal.explorer.Scenario;
import dev.kindred.internal.words.ForwardingWords;
import dev.kindred.internal.words.Words;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The condition in every interleaving: no signal is lost, whoever gives up or dies, and as many are released as signals were given. */
class ConditionExplorationTest {

    private static final long MUTEX = 512;
    private static final long ITEMS = 576;
    private static final long CONDITION = 1024;

    /** Some processes, a mutex, a condition, and items that it tells of. */
    private static final class Shop {

        final Scenario scenario;
        private final SimulatedFamily family;
        private final boolean takeOver;
        private final List<String> takers = new ArrayList<>();

        /** Whether those live on who may wait for what nobody lives to give. */
        private boolean survive;

        Shop(String name, boolean takeOver, int deaths, UnaryOperator<Words> bug) {
            this.takeOver = takeOver;
            scenario = new Scenario("condition, " + name).word(MUTEX, "mutex").word(ITEMS, "items").deaths(deaths);
            family = new SimulatedFamily(scenario).through(bug);
            scenario.word(CONDITION + ConditionLayout.NODES, "nodes");
            guard(ITEMS);
            guard(CONDITION + ConditionLayout.CURSOR);
            for (int node = 1; node <= ConditionLayout.NODE_COUNT; node++) {
                scenario.word(CONDITION + ConditionLayout.grants(node), "grants of node " + node);
                scenario.word(CONDITION + ConditionLayout.owner(node), "owner of node " + node);
                guard(CONDITION + ConditionLayout.limit(node));
            }
            scenario.neverInTheEnd("an item lies there and somebody waits for one",
                    world -> world.getInt(ITEMS) > 0 && takers.stream().anyMatch(world::isAsleep));
        }

        /** Says that no wait ends at a deadline or when its patience does; only then the table is looked at without the mutex. */
        Shop patient() {
            guard(CONDITION + ConditionLayout.NODES);
            guard(CONDITION + ConditionLayout.NODES + Integer.BYTES);
            for (int node = 1; node <= ConditionLayout.NODE_COUNT; node++) {
                guard(CONDITION + ConditionLayout.owner(node));
            }
            return this;
        }

        private void guard(long offset) {
            scenario.guarded(offset, offset + Integer.BYTES,
                    (world, process) -> family.id(process) == (world.getInt(MUTEX) & ~MutexLayout.WAITERS));
        }

        Shop process(String name, Consumer<Customer> code) {
            family.member(name, member -> code.accept(new Customer(member, takeOver)));
            return this;
        }

        /** Adds a process that may wait for what nobody lives to give. */
        Shop daemon(String name, Consumer<Customer> code) {
            if (survive) {
                family.observer(name, member -> code.accept(new Customer(member, takeOver)));
            } else {
                family.daemon(name, member -> code.accept(new Customer(member, takeOver)));
            }
            return this;
        }

        /** Adds processes that take one item each. If nobody lives to supply them, they wait on. */
        Shop takers(String... names) {
            for (String name : names) {
                takers.add(name);
                daemon(name, Customer::take);
            }
            return this;
        }

        /** Adds one that finds the dead and lives on. */
        Shop survivor() {
            family.observer("recoverer", Member::noticeDeaths);
            return this;
        }

        /** Lets those live on who are added from now on and may wait for what nobody lives to give. */
        Shop survivors() {
            survive = true;
            return survivor();
        }

        Shop recoverers(int count) {
            family.recoverers(count);
            return this;
        }

        void explore() {
            family.complete();
            scenario.explore();
        }

        void finds(String what) {
            family.complete();
            scenario.finds(what);
        }
    }

    /** One who uses the condition. */
    private static final class Customer {

        private final Member member;
        private final Words words;
        private final Mutex mutex;
        private final ConditionVariable condition;

        Customer(Member member, boolean takeOver) {
            this.member = member;
            this.words = member.words();
            this.mutex = new Mutex(words, MUTEX, member.id(), takeOver, member);
            this.condition = new ConditionVariable(words, CONDITION, member.id(), mutex, member);
        }

        private void lock() {
            if (mutex.acquire(Words.NO_DEADLINE, false) == Mutex.OWNER_DIED) {
                int _ = mutex.recover(Words.NO_DEADLINE, false);
            }
        }

        private void unlock() {
            if (!mutex.release()) {
                throw new AssertionError("what was held could not be released");
            }
        }

        private int await(long deadline, boolean interruptible) {
            int outcome = condition.await(deadline, interruptible);
            if (!mutex.isHeldHere()) {
                throw new AssertionError("a wait ended without the mutex");
            }
            if (mutex.unrecovered() != 0) {
                mutex.setRecovered();
            }
            return outcome;
        }

        void take() {
            lock();
            while (words.getPlain(ITEMS) == 0) {
                int _ = await(Words.NO_DEADLINE, false);
            }
            words.setPlain(ITEMS, words.getPlain(ITEMS) - 1);
            unlock();
        }

        /** Takes an item if there is one before a deadline or an interrupt, and goes away. */
        void takeIfInTime(long deadline) {
            lock();
            if (words.getPlain(ITEMS) == 0) {
                int _ = await(deadline, true);
            }
            if (words.getPlain(ITEMS) > 0) {
                words.setPlain(ITEMS, words.getPlain(ITEMS) - 1);
            }
            unlock();
        }

        void supply() {
            lock();
            words.setPlain(ITEMS, words.getPlain(ITEMS) + 1);
            condition.signal(1);
            unlock();
        }

        void supplyTwice() {
            supply();
            supply();
        }

        void supplyTwoAtOnce() {
            lock();
            words.setPlain(ITEMS, words.getPlain(ITEMS) + 2);
            condition.signalAll();
            unlock();
        }

        /** Waits once, until a deadline or an interrupt, and counts if it was signalled. */
        void waitOnce(long deadline) {
            lock();
            if (await(deadline, true) == ConditionVariable.SIGNALLED) {
                member.actor().add("signalled", 1);
            }
            unlock();
        }

        void waitTwice(long deadline) {
            waitOnce(deadline);
            waitOnce(deadline);
        }

        /** Signals if anybody waits, and counts that. */
        void signalWhoWaits() {
            lock();
            if (condition.waiting() > 0) {
                member.actor().add("signals", 1);
                condition.signal(1);
            }
            unlock();
        }
    }

    /** What is interrupted in a scenario is the thread that explores it. */
    @AfterEach
    void clearInterrupt() {
        boolean _ = Thread.interrupted();
    }

    private static Shop shop(String name, boolean takeOver, int deaths) {
        return new Shop(name, takeOver, deaths, UnaryOperator.identity()).recoverers(deaths);
    }

    private static Shop patientShop(String name, boolean takeOver, int deaths) {
        return shop(name, takeOver, deaths).patient();
    }

    @Exploration
    void everyItemIsTaken() {
        patientShop("2 takers, 2 items", false, 0).process("supplier", Customer::supplyTwice).takers("first", "second").explore();
        patientShop("2 takers, 2 items at once", false, 0)
                .process("supplier", Customer::supplyTwoAtOnce).takers("first", "second").explore();
    }

    @Exploration
    void someDie() {
        patientShop("1 taker, 1 item, 2 deaths", false, 2).process("supplier", Customer::supply).takers("first").explore();
        patientShop("2 takers, 1 item, 1 death", false, 1).process("supplier", Customer::supply).takers("first", "second").explore();
    }

    private static Shop counted(Shop shop) {
        shop.scenario.neverInTheEnd("not as many were signalled as signals were given",
                world -> world.get("signals") != world.get("signalled"));
        shop.scenario.deadlines(1).deadlinesSave();
        return shop;
    }

    @Exploration
    void asManyAreSignalledAsSignalsAreGiven() {
        counted(shop("2 wait until a deadline, a signal", false, 0)).process("supplier", Customer::signalWhoWaits)
                .process("first", customer -> customer.waitOnce(1)).process("second", customer -> customer.waitOnce(1)).explore();
        counted(shop("1 waits twice until a deadline, 2 signals", false, 0)).process("supplier", customer -> {
            customer.signalWhoWaits();
            customer.signalWhoWaits();
        }).process("first", customer -> customer.waitTwice(1)).explore();
    }

    @Exploration
    void theInterruptedLoseNoSignal() {
        Shop shop = counted(shop("1 waits, until it is interrupted, a signal", false, 0)).process("supplier", Customer::signalWhoWaits)
                .process("first", customer -> customer.waitOnce(1));
        shop.scenario.interrupts(1);
        shop.explore();
    }

    /** Whoever gives up while another signals, or while another dies, takes no signal along that somebody else needs. */
    @Exploration
    void whoGivesUpTakesNoSignalAlong() {
        oneGivesUp(shop("1 taker, another gives up, 1 item", false, 0), 1, 0).explore();
        oneGivesUp(shop("1 taker, another is interrupted, 1 item", false, 0), Words.NO_DEADLINE, 1).explore();
        oneGivesUp(new Shop("1 taker, another is interrupted, who supplies may die", false, 1, UnaryOperator.identity()).survivors(),
                Words.NO_DEADLINE, 1).explore();
    }

    private static Shop oneGivesUp(Shop shop, long deadline, int interrupts) {
        shop.scenario.interrupts(interrupts);
        if (deadline != Words.NO_DEADLINE) {
            shop.scenario.deadlines(deadline).deadlinesSave();
        }
        // The first signal goes to the first process in the table: to the one that gives up, if it has not yet.
        return shop.process("supplier", Customer::supply).daemon("impatient", customer -> customer.takeIfInTime(deadline)).takers("first");
    }

    @Exploration
    @EnabledIfSystemProperty(named = "kindred.soak", matches = "true")
    void more() {
        patientShop("taken over, 2 takers, 1 item, 1 death", true, 1)
                .process("supplier", Customer::supply).takers("first", "second").explore();
        patientShop("2 takers, 2 items at once, 1 death", false, 1)
                .process("supplier", Customer::supplyTwoAtOnce).takers("first", "second").explore();
        patientShop("2 takers, 2 items, 1 death", false, 1).process("supplier", Customer::supplyTwice).takers("first", "second").explore();
        patientShop("taken over, 2 takers, 2 items, 1 death", true, 1)
                .process("supplier", Customer::supplyTwice).takers("first", "second").explore();
        Shop shop = counted(shop("2 wait, until one is interrupted, a signal", false, 0)).process("supplier", Customer::signalWhoWaits)
                .process("first", customer -> customer.waitOnce(1)).process("second", customer -> customer.waitOnce(1));
        shop.scenario.interrupts(1);
        shop.explore();
        oneGivesUp(shop("1 taker, another gives up, 1 item, 1 death", false, 1), 1, 0).explore();
        oneGivesUp(shop("1 taker, another is interrupted, 1 item, 1 death", false, 1), Words.NO_DEADLINE, 1).explore();
        new Shop("2 takers, 1 item, 2 deaths", false, 2, UnaryOperator.identity()).survivor().patient()
                .process("supplier", Customer::supply).takers("first", "second").explore();
        patientShop("3 takers, 2 items at once", false, 0)
                .process("supplier", Customer::supplyTwoAtOnce).takers("first", "second", "third").explore();
    }

    private static Shop planted(String name, int deaths, UnaryOperator<Words> bug) {
        return new Shop("planted: " + name, false, deaths, bug).recoverers(deaths);
    }

    @Exploration
    void findsThatASignalWakesNobody() {
        planted("a signal wakes nobody", 0, real -> new ForwardingWords(real) {
            @Override
            public void wake(long offset, int count) {
                if (!isIn("grant")) {
                    super.wake(offset, count);
                }
            }
        }).process("supplier", Customer::supply).takers("first").finds("an item lies there and somebody waits for one");
    }

    @Exploration
    void findsThatAGrantOverwritesTheMark() {
        planted("a sleeper's mark is stored blindly", 0, real -> new ForwardingWords(real) {
            @Override
            public boolean compareAndSet(long offset, int expected, int value) {
                if (offset > CONDITION && isIn("watch") && !isIn("reacquire")) {
                    setVolatile(offset, value);
                    return true;
                }
                return super.compareAndSet(offset, expected, value);
            }
        }).process("supplier", Customer::supply).takers("first").finds("condition, planted");
    }

    /** Who gives up looks at what it waits for before it has the mutex again, as if that could not change any more. */
    @Exploration
    void findsThatWhoGivesUpDoesNotLookForAGrant() {
        counted(planted("who gives up sees no grant", 0, real -> new ForwardingWords(real) {
            private int before;

            @Override
            public int getVolatile(long offset) {
                int now = super.getVolatile(offset);
                if (offset > CONDITION && isIn("share")) {
                    return before;
                }
                if (offset > CONDITION && (isIn("enter") || isIn("attempt"))) {
                    before = now;
                }
                return now;
            }
        })).process("supplier", Customer::signalWhoWaits).process("first", customer -> customer.waitOnce(1))
                .finds("not as many were signalled");
    }

    @Exploration
    void findsThatADeathReleasesNobody() {
        planted("the epoch of a death is not looked at", 1, real -> new ForwardingWords(real) {
            @Override
            public int epoch() {
                return isIn("attempt") || isIn("enter") ? 0 : super.epoch();
            }
        }).process("supplier", Customer::supplyTwice).takers("first", "second")
                .finds("an item lies there and somebody waits for one");
    }

    /** The signal that is meant for another goes to one that has given up. */
    @Exploration
    void findsThatWhoGivesUpStaysInTheTable() {
        oneGivesUp(planted("who gives up stays in the table", 0, real -> new ForwardingWords(real) {
            @Override
            public void setRelease(long offset, int value) {
                if (!isIn("leave")) {
                    super.setRelease(offset, value);
                }
            }

            @Override
            public void setLongRelease(long offset, long value) {
                if (!isIn("leave")) {
                    super.setLongRelease(offset, value);
                }
            }
        }), 1, 0).finds("an item lies there and somebody waits for one");
    }

    /** Who was signalled dies with the signal before another looks, which was waiting by then. */
    @Exploration
    void findsThatTheEpochIsReadAfterTheMutexIsFree() {
        oneGivesUp(planted("the epoch is read when a waiter first looks", 1, real -> new ForwardingWords(real) {
            private int missed = -1;

            @Override
            public int epoch() {
                if (isIn("enter")) {
                    missed = -1;
                    return super.epoch();
                }
                if (!isIn("attempt")) {
                    return super.epoch();
                }
                int now = super.epoch();
                if (missed < 0) {
                    missed = now;
                }
                return now - missed;
            }
        }), 1, 0).finds("an item lies there and somebody waits for one");
    }
}
