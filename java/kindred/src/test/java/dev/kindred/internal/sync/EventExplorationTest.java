// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.sync;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import dev.kindred.internal.domain.SimulatedFamily;
import dev.kindred.internal.domain.SimulatedFamily.Member;
import dev.kindred.internal.explorer.Exploration;
import dev.kindred.internal.explorer.Scenario;
import dev.kindred.internal.words.ForwardingWords;
import dev.kindred.internal.words.Words;

/** The event in every interleaving: who waits is released by every setting, and what was done before a setting is not overlooked. */
class EventExplorationTest {

    private static final long WORD = 512;
    private static final long WORK = 576;

    private static final class Setting {

        final Scenario scenario;
        private final SimulatedFamily family;

        Setting(String name, int deaths, UnaryOperator<Words> bug) {
            scenario = new Scenario("event, " + name).word(WORD, "event").word(WORK, "work").deaths(deaths);
            family = new SimulatedFamily(scenario).through(bug);
        }

        Setting process(String name, Consumer<User> code) {
            family.member(name, member -> code.accept(new User(member, new EventFlag(member.words(), WORD))));
            return this;
        }

        Setting observer(String name, Consumer<User> code) {
            family.observer(name, member -> code.accept(new User(member, new EventFlag(member.words(), WORD))));
            return this;
        }

        Setting recoverers(int count) {
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

    private record User(Member member, EventFlag event) {

        void await() {
            int outcome = event.await(Words.NO_DEADLINE, false);
            if (outcome != EventFlag.HAPPENED) {
                throw new AssertionError("the outcome was " + outcome);
            }
        }

        /** Waits once and says that it is about to, so that a setting can be held back until then. */
        void say() {
            member.actor().set("asleep or through", 1);
            await();
        }

        void pulse() {
            event.set();
            event.clear();
        }

        /** Does what there is to do whenever the event says so, until so much has been done. */
        void workOff(int amount) {
            int done = 0;
            while (done < amount) {
                await();
                event.clear();
                done += member.words().getAndAdd(WORK, -member.words().getVolatile(WORK));
            }
        }

        void giveWork() {
            int _ = member.words().getAndAdd(WORK, 1);
            event.set();
        }
    }

    private static Setting setting(String name, int deaths) {
        return new Setting(name, deaths, UnaryOperator.identity());
    }

    @Exploration
    void setOnceForAll() {
        setting("2 waiters", 0).process("first", User::await).process("second", User::await)
                .observer("setter", user -> user.event.set()).explore();
        setting("3 waiters, one setter of two may die", 1).process("first", User::await).process("second", User::await)
                .process("setter", user -> user.event.set()).observer("other setter", user -> user.event.set()).recoverers(1).explore();
    }

    /** A setter that dies between setting and waking must not leave anybody asleep behind a set event. */
    @Exploration
    void theSetterDies() {
        Setting setting = setting("2 waiters, the setter dies", 1);
        setting.family.daemon("first", member -> new User(member, new EventFlag(member.words(), WORD)).await());
        setting.family.daemon("second", member -> new User(member, new EventFlag(member.words(), WORD)).await());
        setting.process("setter", user -> user.event.set()).recoverers(1);
        setting.scenario.neverInTheEnd("somebody waits for what is set", world -> (world.getInt(WORD) & EventLayout.SET) != 0
                && (world.isAsleep("first") || world.isAsleep("second")));
        setting.explore();
    }

    @Exploration
    void clearedAtOnce() {
        Setting setting = setting("2 waiters asleep, set and cleared", 0).process("first", User::await).process("second", User::await);
        setting.observer("setter", user -> {
            user.member.actor().until("both sleep", world -> world.isAsleep("first") && world.isAsleep("second"));
            user.pulse();
        });
        setting.explore();
    }

    @Exploration
    void whatWasDoneBeforeASettingIsSeen() {
        setting("a worker and 2 who give work", 0).process("worker", user -> user.workOff(2)).process("giver", User::giveWork)
                .process("other giver", User::giveWork).explore();
    }

    @Exploration
    void someGiveUp() {
        Setting setting = setting("one gives up", 0).process("patient", User::await)
                .process("impatient", user -> user.event.await(1, true)).observer("setter", user -> user.event.set());
        setting.scenario.deadlines(1).interrupts(1);
        setting.explore();
    }

    private static Setting planted(String name, int deaths, UnaryOperator<Words> bug) {
        return new Setting("planted: " + name, deaths, bug);
    }

    @Exploration
    void findsThatASettingWakesOnlyOne() {
        planted("a setting wakes one", 0, real -> new ForwardingWords(real) {
            @Override
            public void wake(long offset, int count) {
                super.wake(offset, 1);
            }
        }).process("first", User::await).process("second", User::await).observer("setter", user -> user.event.set())
                .finds("somebody waits for ever");
    }

    @Exploration
    void findsThatASettingRaisesNoEpoch() {
        Setting setting = planted("a setting raises no epoch", 0, real -> new ForwardingWords(real) {
            @Override
            public boolean compareAndSet(long offset, int expected, int value) {
                return super.compareAndSet(offset, expected, isIn("set") ? expected & EventLayout.EPOCH | EventLayout.SET : value);
            }
        });
        setting.process("first", User::await).process("second", User::await);
        setting.observer("setter", user -> {
            user.member.actor().until("both sleep", world -> world.isAsleep("first") && world.isAsleep("second"));
            user.pulse();
        });
        setting.finds("somebody waits for ever");
    }

    @Exploration
    void findsThatASleeperAnnouncesNothing() {
        planted("no mark", 0, real -> new ForwardingWords(real) {
            @Override
            public boolean compareAndSet(long offset, int expected, int value) {
                return super.compareAndSet(offset, expected, value & ~EventLayout.WAITERS);
            }

            @Override
            public int await(long offset, int expected, int epoch, long deadline, boolean interruptible) {
                return super.await(offset, expected & ~EventLayout.WAITERS, epoch, deadline, interruptible);
            }
        }).process("waiter", User::await).observer("setter", user -> user.event.set()).finds("somebody waits for ever");
    }
}
