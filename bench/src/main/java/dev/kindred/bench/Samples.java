// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench;

import java.util.Arrays;

/** Times of one round, of which percentiles are wanted. */
public final class Samples {

    private final long[] times;
    private int count;

    /**
     * Has room for the times of one round.
     *
     * @param most how many there can be
     */
    public Samples(int most) {
        times = new long[most];
    }

    /** Forgets the times of the round before. */
    public void clear() {
        count = 0;
    }

    /**
     * Adds one.
     *
     * @param nanoseconds the time
     */
    public void add(long nanoseconds) {
        times[count++] = nanoseconds;
    }

    /**
     * {@return the round's figure, the percentile that is named first, and the other percentiles}
     *
     * @param percentiles such as 50 or 99.9
     */
    public Round round(double... percentiles) {
        Arrays.sort(times, 0, count);
        Round round = Round.of(percentile(percentiles[0]));
        for (int i = 1; i < percentiles.length; i++) {
            round = round.with("p" + Double.toString(percentiles[i]).replaceFirst("\\.0$", ""), percentile(percentiles[i]));
        }
        return round;
    }

    private long percentile(double percentile) {
        return times[Math.min((int) (count * percentile / 100), count - 1)];
    }
}
