// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What a row's figures should be, and whether they are. */
final class Target {

    private record Condition(String text, Predicate<Result> met) {}

    private final List<Condition> conditions;

    private Target(List<Condition> conditions) {
        this.conditions = conditions;
    }

    /** Ours is at most {@code limit} of the peer's. */
    static Target ratio(double limit) {
        return new Target(List.of(new Condition("<=" + limit, result -> result.ratio() <= limit)));
    }

    /** Ours is at most {@code limit} in the row's unit. */
    static Target median(double limit) {
        return new Target(List.of(new Condition("<=" + Figures.text(limit), result -> result.ours() <= limit)));
    }

    /** None: the row is there to be read. */
    static Target printed() {
        return new Target(List.of());
    }

    /** {@return the target with one more condition: no round's figure is above {@code limit}} */
    Target worst(double limit) {
        return and(new Condition("worst<=" + Figures.text(limit), result -> result.largest() <= limit));
    }

    /** {@return the target with one more condition: an extra of our rounds is at most {@code limit} in each} */
    Target extra(String name, double limit) {
        return and(new Condition(name + "<=" + Figures.text(limit), result -> result.ourRounds().stream()
                .allMatch(round -> Double.parseDouble(round.extras().getOrDefault(name, "NaN")) <= limit)));
    }

    /** {@return the target with one more condition: the median of an extra of our rounds is at most {@code limit} of the peer's} */
    Target extraRatio(String name, double limit) {
        return and(new Condition(name + "<=" + limit, result -> median(result.ourRounds(), name) / median(result.theirRounds(), name) <= limit));
    }

    private static double median(List<Round> rounds, String extra) {
        return Figures.median(rounds.stream().mapToDouble(round -> Double.parseDouble(round.extras().getOrDefault(extra, "NaN"))).toArray());
    }

    private Target and(Condition condition) {
        List<Condition> more = new ArrayList<>(conditions);
        more.add(condition);
        return new Target(more);
    }

    boolean isMet(Result result) {
        return conditions.stream().allMatch(condition -> condition.met.test(result));
    }

    /** {@return the target in one word} */
    @Override
    public String toString() {
        return conditions.isEmpty() ? "printed" : String.join(",", conditions.stream().map(Condition::text).toList());
    }
}
