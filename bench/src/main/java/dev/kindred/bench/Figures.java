// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Medians, extremes, and numbers as text. */
public final class Figures {

    private Figures() {}

    /** {@return the middle one, or the mean of the two in the middle} */
    public static double median(double... figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static double[] of(List<Round> rounds) {
        return rounds.stream().mapToDouble(Round::figure).toArray();
    }

    static double[] ratios(List<Round> ours, List<Round> theirs) {
        return IntStream.range(0, ours.size()).mapToDouble(i -> ours.get(i).figure() / theirs.get(i).figure()).toArray();
    }

    static double smallest(double... figures) {
        return Arrays.stream(figures).min().orElseThrow();
    }

    static double largest(double... figures) {
        return Arrays.stream(figures).max().orElseThrow();
    }

    /** {@return the number with four digits that say something, or all before the point, and no exponent} */
    static String text(double number) {
        if (!Double.isFinite(number)) {
            return Double.toString(number);
        }
        BigDecimal rounded = new BigDecimal(number).round(new MathContext(4));
        return (rounded.scale() > 4 ? rounded.setScale(4, RoundingMode.HALF_UP) : rounded).toPlainString();
    }
}
