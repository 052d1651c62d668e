// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.support;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Marks a test that runs for minutes, and so only with {@code mvn -Psoak verify}. */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(named = "kindred.soak", matches = "true")
public @interface Soak {

    /** How often something is repeated. */
    final class Rounds {

        private Rounds() {}

        /**
         * {@return the number of rounds for this run}
         *
         * @param usual in every build
         * @param soak  with {@code -Psoak}
         */
        public static int of(final int usual, final int soak) {
            return Boolean.getBoolean("kindred.soak") ? soak : usual;
        }
    }
}
