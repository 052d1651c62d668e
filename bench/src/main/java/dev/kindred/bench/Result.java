// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench;

import java.util.List;

/**
 * What the rounds of a row found.
 *
 * @param ourRounds   one or more
 * @param theirRounds as many, or none where there is no peer
 */
record Result(List<Round> ourRounds, List<Round> theirRounds) {

    double ours() {
        return Figures.median(Figures.of(ourRounds));
    }

    double theirs() {
        return Figures.median(Figures.of(theirRounds));
    }

    boolean isCompared() {
        return !theirRounds.isEmpty();
    }

    /** {@return ours over theirs, the medians} Not a number where there is no peer. */
    double ratio() {
        return isCompared() ? ours() / theirs() : Double.NaN;
    }

    /** {@return the smallest ratio of a round, or the smallest figure where there is no peer} */
    double smallest() {
        return Figures.smallest(isCompared() ? Figures.ratios(ourRounds, theirRounds) : Figures.of(ourRounds));
    }

    /** {@return the largest ratio of a round, or the largest figure where there is no peer} */
    double largest() {
        return Figures.largest(isCompared() ? Figures.ratios(ourRounds, theirRounds) : Figures.of(ourRounds));
    }
}
