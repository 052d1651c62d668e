// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.words;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/**
 * How a platform thread that sleeps in the kernel learns of {@link Thread#interrupt()} at once: the JDK tells a selector on which a thread blocks, between
 * {@link #begin()} and {@link #end()}, by {@link #wakeup()}, which a subclass has end the sleep. As a selector it has no use.
 */
public abstract class InterruptSelector extends AbstractSelector {

    /** For subclasses. */
    protected InterruptSelector() {
        // Without a provider, for which the JDK would search the whole class path, and which nobody asks a selector for that he never sees.
        super(null);
    }

    /** Ends the sleep of the thread whose selector this is. Called by {@link Thread#interrupt()}, from any thread. */
    protected abstract void endSleep();

    @Override
    public final Selector wakeup() {
        endSleep();
        return this;
    }

    @Override
    protected final void implCloseSelector() {}

    @Override
    protected final SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public final Set<SelectionKey> keys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public final Set<SelectionKey> selectedKeys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public final int selectNow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public final int select(long timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public final int select() {
        throw new UnsupportedOperationException();
    }
}
