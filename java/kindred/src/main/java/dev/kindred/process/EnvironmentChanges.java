// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a child's environment has that its parent's has not. */
final class EnvironmentChanges {

    /** What these hold is among the options of this JVM already, so a child gets it as options, filtered. */
    private static final List<String> OPTION_VARIABLES = List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS",
            "_JAVA_OPTIONS");

    private static final Map<String, String> INHERITED = inherited();

    private @Nullable Map<String, String> changed;

    private static Map<String, String> inherited() {
        Map<String, String> variables = new HashMap<>(System.getenv());
        OPTION_VARIABLES.forEach(variables::remove);
        return Map.copyOf(variables);
    }

    void set(String variable, @Nullable String value) {
        checkName(variable);
        if (changed == null) {
            changed = new HashMap<>(INHERITED);
        }
        if (value == null) {
            changed.remove(variable);
        } else {
            changed.put(variable, checkValue(variable, value));
        }
    }

    void replaceAll(Map<String, String> variables) {
        variables.forEach((variable, value) -> {
            checkName(variable);
            checkValue(variable, value);
        });
        changed = new HashMap<>(variables);
    }

    /** {@return the whole environment of a child} */
    Map<String, String> applied() {
        return changed == null ? INHERITED : Map.copyOf(changed);
    }

    private static void checkName(String variable) {
        if (variable.isEmpty() || variable.indexOf('=') >= 0 || variable.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("'" + variable
                    + "' is no name of an environment variable: it is empty or has a '=' or NUL");
        }
    }

    private static String checkValue(String variable, String value) {
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the value of environment variable " + variable + " has a NUL");
        }
        return value;
    }
}
