// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.words;

/** Words that do as others do. A test plants a bug by doing one thing differently. */
public class ForwardingWords extends Words {

    /** What these words stand before. */
    protected final Words words;

    /** Words that do as {@code words} do. */
    protected ForwardingWords(Words words) {
        this.words = words;
    }

    /** {@return whether a method of that name is running, as a test must know that wants one of many accesses} */
    protected static boolean isIn(String method) {
        return StackWalker.getInstance().walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals(method)));
    }

    @Override
    public int getPlain(long offset) {
        return words.getPlain(offset);
    }

    @Override
    public int getAcquire(long offset) {
        return words.getAcquire(offset);
    }

    @Override
    public int getVolatile(long offset) {
        return words.getVolatile(offset);
    }

    @Override
    public void setPlain(long offset, int value) {
        words.setPlain(offset, value);
    }

    @Override
    public void setRelease(long offset, int value) {
        words.setRelease(offset, value);
    }

    @Override
    public void setVolatile(long offset, int value) {
        words.setVolatile(offset, value);
    }

    @Override
    public boolean compareAndSet(long offset, int expected, int value) {
        return words.compareAndSet(offset, expected, value);
    }

    @Override
    public int getAndAdd(long offset, int delta) {
        return words.getAndAdd(offset, delta);
    }

    @Override
    public long getLongPlain(long offset) {
        return words.getLongPlain(offset);
    }

    @Override
    public long getLongAcquire(long offset) {
        return words.getLongAcquire(offset);
    }

    @Override
    public long getLongVolatile(long offset) {
        return words.getLongVolatile(offset);
    }

    @Override
    public boolean compareAndSetLong(long offset, long expected, long value) {
        return words.compareAndSetLong(offset, expected, value);
    }

    @Override
    public long getAndAddLong(long offset, long delta) {
        return words.getAndAddLong(offset, delta);
    }

    @Override
    public void setLongPlain(long offset, long value) {
        words.setLongPlain(offset, value);
    }

    @Override
    public void setLongRelease(long offset, long value) {
        words.setLongRelease(offset, value);
    }

    @Override
    public void fence() {
        words.fence();
    }

    @Override
    public void zero(long offset, long length) {
        words.zero(offset, length);
    }

    @Override
    public int epoch() {
        return words.epoch();
    }

    @Override
    public void advanceEpoch() {
        words.advanceEpoch();
    }

    @Override
    public void wakeEpoch() {
        words.wakeEpoch();
    }

    @Override
    public int spin(long offset, int seen, long nanoseconds) {
        return words.spin(offset, seen, nanoseconds);
    }

    @Override
    public int await(long offset, int expected, int epoch, long deadline, boolean interruptible) {
        return words.await(offset, expected, epoch, deadline, interruptible);
    }

    @Override
    public int awaitAny(WordSet set, int epoch, long deadline) {
        return words.awaitAny(set, epoch, deadline);
    }

    @Override
    public void wake(long offset, int count) {
        words.wake(offset, count);
    }

    @Override
    public long now() {
        return words.now();
    }

    @Override
    public Gate newGate() {
        return words.newGate();
    }

    @Override
    public Parker newParker() {
        return words.newParker();
    }
}
