// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one round found: the figure, and other numbers worth a look. As a line of text it is the figure, then {@code name=number} words.
 *
 * @param figure in the row's unit
 * @param extras further numbers by name, in the order they are printed
 */
public record Round(double figure, Map<String, String> extras) {

    /** A round that found only its figure. */
    public static Round of(double figure) {
        return new Round(figure, Map.of());
    }

    /** {@return the round with one more number} */
    public Round with(String name, Object number) {
        Map<String, String> more = new LinkedHashMap<>(extras);
        more.put(name, number.toString());
        return new Round(figure, more);
    }

    /**
     * Reads what {@link #line()} wrote, or a peer.
     *
     * @throws IllegalArgumentException if {@code line} is something else
     */
    static Round parse(String line) {
        String[] words = line.strip().split(" ");
        Map<String, String> extras = new LinkedHashMap<>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("not the result of a round: \"" + line + '"');
            }
            extras.put(words[i].substring(0, equals), words[i].substring(equals + 1));
        }
        try {
            return new Round(Double.parseDouble(words[0]), extras);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not the result of a round: \"" + line + '"', e);
        }
    }

    /** {@return the round as a line of text, without its end} */
    String line() {
        return Double.toString(figure) + words();
    }

    /** {@return the extras as words, each with a space before it} */
    String words() {
        return extras.entrySet().stream().map(extra -> " " + extra.getKey() + "=" + extra.getValue()).collect(Collectors.joining());
    }
}
