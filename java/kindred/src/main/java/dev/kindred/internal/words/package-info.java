// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Shared memory as words: loads, stores, compare-and-set, sleeping and waking, against which every algorithm is written.
 *
 * <h2>Why the memory orders suffice, on weakly ordered processors (aarch64) too</h2>
 *
 * <p>An order is chosen by what the access meets. There are six cases, and no access without one of them.
 *
 * <ol>
 * <li><b>Words by which processes decide</b>: slots, lives, the epoch, and the state of every lock, semaphore, event, barrier and count of grants. They
 * are read by volatile loads and changed by volatile stores, compare-and-set and additions, which all agree on one order of all of them. That is what
 * the explorer assumes, which runs one step after the other; so what it shows holds for these. In particular two accesses to different words are not
 * reordered where one announces that it sleeps and looks again, and the other changes the word and looks for sleepers.
 * <li><b>What a lock protects</b>: the maps and summaries of the heap under its mutex, the nodes of a condition under its lock. They are accessed
 * plainly; acquiring and releasing the lock are compare-and-sets, which order them from one holder to the next.
 * <li><b>What a dead process may leave behind unfinished</b>: a processor that stops a thread for good has executed its instructions up to one of them
 * and none after, and all its stores become visible before its end does. So only the compiler could make a later store survive without an
 * earlier one, and where the order counts there is a release store ({@code INTENT}, {@code REGIONS_USED}, {@code NODES}) or a fence, which the compiler
 * observes. A release store does not hold back what follows it; hence the fences of {@code Intent} on both sides of an operation.
 * <li><b>What is written once</b>: numbers of permits and parties, the header of the domain. They are stored plainly before anybody else
 * can know the offset, which travels by what orders it: a release store in shared memory, or a message through the kernel.
 * <li><b>The ends of a ring</b>: what publishes an element, the tail or the element's header, is stored with release order after the element was written, and
 * read with acquire order before that is read; the head is stored with release order after what it lets go of was read, and read with acquire order before that is overwritten. Between such a store and the
 * look for sleepers lies the compare-and-set that lets the lock go; a sleeper marks itself by one and then reads the other end with volatile order.
 * <li><b>Hints</b>: the cursor of a condition, the reservation of a semaphore ({@code RESERVED}), where a search for free memory begins. Any value that was
 * ever there is right; at worst somebody looks once more, or is passed over for a millisecond.
 * </ol>
 *
 * <p>One pair stands alone: what a process writes of itself into its slot is read without a lock. The writer raises the generation, passes a fence and
 * writes; the reader reads, passes a fence and reads the generation: if that is the old one, nothing of the new was read.
 *
 * <p>A long and an int at one address (semaphores, barriers) are changed by atomic instructions of both sizes. All processors that Kindred runs on
 * keep accesses of different sizes coherent, and an atomic of either size is atomic for the bytes that both have.
 *
 * <p>What is said here of two accesses is tried by the jcstress cases of the module {@code tests/stress}, on two mappings of one memfd.
 */
@NullMarked
package dev.kindred.internal.words;

import org.jspecify.annotations.NullMarked;
