// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench;

/**
 * How messages are sent at half of the rate at which they can be sent at most, at moments that do not depend on how the ones before them fare. Their
 * latency counts from the moment at which they are due.
 */
public final class HalfRate {

    /** How many messages a round has. */
    public static final int MESSAGES = 1_000_000;

    /** Rounds at the maximal rate: those that warm up, and those that count. */
    private static final int WARM_UP_ROUNDS = 8;
    private static final int COUNTED_ROUNDS = 3;

    private static final int PICOSECONDS = 1000;

    private HalfRate() {}

    /** Plays a round. */
    @FunctionalInterface
    public interface Play {

        /**
         * Plays {@link #MESSAGES}.
         *
         * @param picoseconds between two messages; 0 for none
         * @return how many nanoseconds it took
         * @throws Exception if it cannot be played
         */
        double play(long picoseconds) throws Exception;
    }

    /** Sends a message. */
    @FunctionalInterface
    public interface Send {

        /**
         * Sends it.
         *
         * @param due when it was due, in terms of {@link System#nanoTime()}, which all processes share
         * @throws Exception if it cannot be sent
         */
        void send(long due) throws Exception;
    }

    /**
     * Warms up.
     *
     * @param play plays a round
     * @return how many picoseconds between two messages make half of the maximal rate
     * @throws Exception what {@code play} throws
     */
    public static long warmUp(Play play) throws Exception {
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            double _ = play.play(0);
        }
        double[] times = new double[COUNTED_ROUNDS];
        for (int i = 0; i < COUNTED_ROUNDS; i++) {
            times[i] = play.play(0);
        }
        long picoseconds = Math.round(2 * Figures.median(times) * PICOSECONDS / MESSAGES);
        for (int i = 0; i < COUNTED_ROUNDS; i++) {
            double _ = play.play(picoseconds);
        }
        return picoseconds;
    }

    /**
     * Sends the messages of a round.
     *
     * @param picoseconds between two messages; 0 for none
     * @param send        sends one
     * @throws Exception what {@code send} throws
     */
    public static void send(long picoseconds, Send send) throws Exception {
        long start = System.nanoTime();
        for (long i = 0; i < MESSAGES; i++) {
            long due = start + i * picoseconds / PICOSECONDS;
            while (System.nanoTime() - due < 0) {
                Thread.onSpinWait();
            }
            send.send(due);
        }
    }

    /**
     * {@return the round: the latency that 99.9 of 100 messages have at most, others, and the rate}
     *
     * @param samples     the latencies of all messages
     * @param picoseconds between two messages
     */
    public static Round round(Samples samples, long picoseconds) {
        return samples.round(99.9, 50, 99, 100).with("rate", Math.round(1e12 / picoseconds) + "/s");
    }
}
