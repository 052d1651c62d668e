// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The explorer: runs the algorithms, unchanged, in every way in which the steps of a few actors can interleave, and kills any of them
 * before any step.
 *
 * <h2>A scenario</h2>
 *
 * <p>A {@link dev.kindred.internal.explorer.Scenario} names actors, each of a process of its own unless said otherwise, and what must never
 * be. The code of an actor is ordinary code that uses the classes of the library; it reaches the shared memory by {@link
 * dev.kindred.internal.explorer.Actor#words}.
 * {@code SimulatedFamily} adds processes that have joined a family by the real slot table and recoverers that run its real recovery:
 *
 * <pre>{@code
 * @Exploration
 * void somethingIsSo() {
 *     Scenario scenario = new Scenario("mutex, two processes").word(WORD, "mutex").deaths(1);
 *     SimulatedFamily family = new SimulatedFamily(scenario);
 *     for (String name : List.of("A", "B")) {
 *         family.member(name, member -> {
 *             Mutex mutex = new Mutex(member.words(), WORD, member.id(), true, member);
 *             mutex.acquire(Words.NO_DEADLINE, false);
 *             member.actor().set("inside", 1);
 *             member.actor().pause("inside");
 *             member.actor().set("inside", 0);
 *             mutex.release();
 *         });
 *     }
 *     family.recoverers(1).complete();
 *     scenario.never("two are inside", world -> world.sum("inside") > 1).explore();
 * }
 * }</pre>
 *
 * <p>What is checked without being asked for: no actor's code throws; and from every state all that live can get to the end of their code,
 * without a time-out, an interrupt or another death coming to their help. A state from which somebody cannot is a lost wake-up, a deadlock
 * or an endless circle. The error tells the shortest way there.
 *
 * <p>Tests are annotated with {@link dev.kindred.internal.explorer.Exploration}: they run in a JVM of their own, in which the code of
 * actors is interpreted. That holds for the packages of the library that are explored and for the tests in them; so the scenarios for a
 * class stand in its package, not in this one.
 *
 * <h2>How it works</h2>
 *
 * <p>An actor hands control to the explorer at each {@link dev.kindred.internal.explorer.Operation}: an access to shared memory, a sleep, a
 * wake-up, a lock of the kernel's. What it does next depends on where it stands and on the answer. So its code is run only to learn that
 * ({@link dev.kindred.internal.explorer.Program}): alone, with the answers of one way to the point in question; the states of all actors
 * together are then visited without running any code ({@link dev.kindred.internal.explorer.Search}). A state is the memory, the point at
 * which each actor stands and whether it sleeps there. It is kept in full, so none is taken for another.
 *
 * <p>Where an actor stands is read off its stack: {@link dev.kindred.internal.explorer.LocalState} says what that takes in, and what is
 * assumed of the code. That merging by it loses nothing is tested by exploring without it.
 *
 * <p>What may happen to processes is said to the scenario: how many are killed, and when the kernel ends their locks; who may be stopped
 * for good; how many waits are interrupted; up to when deadlines come, and whether somebody may need that. Nothing of it happens unless it
 * is said.
 *
 * <p>Some steps are not interleaved, because nobody could tell: those of which {@link dev.kindred.internal.explorer.Scenario#guarded} and
 * {@link dev.kindred.internal.explorer.Scenario#constant} say so, and each checks what it builds on. Conditions that actors wait for, and
 * those that must never hold, are not to look at what is guarded: they see it only between such steps.
 *
 * <h2>Planted bugs</h2>
 *
 * <p>To show that a scenario would find a bug, a test plants one: it lets actors see the memory through a {@code ForwardingWords} that does
 * one thing differently, such as drop a wake-up, store where it should compare, or delay a store past the next; and calls
 * {@link dev.kindred.internal.explorer.Scenario#finds}. What such words remember is part of the actor's local state like all else.
 *
 * <h2>What it does not show</h2>
 *
 * <p>Memory is sequentially consistent here: whether the order of each access suffices on weaker machines is another test's matter. Threads
 * of one process are actors that each have their own copy of local objects: what these hold besides shared memory and gates must belong to
 * one thread at a time and begin anew with each.
 */
package dev.kindred.internal.explorer;
