// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The main class of our own processes: plays one {@link Task}, a round for every line of the standard input. */
public final class Worker {

    private Worker() {}

    /**
     * Warms up, says "ready", plays.
     *
     * @param arguments the task's class
     * @throws Exception if the task cannot be made or a round cannot be played
     */
    public static void main(String[] arguments) throws Exception {
        Task task = Class.forName(arguments[0]).asSubclass(Task.class).getDeclaredConstructor().newInstance();
        task.warmUp();
        System.out.println("ready");
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (input.readLine() != null) {
            System.out.println(task.play().line());
        }
        System.exit(0);
    }
}
