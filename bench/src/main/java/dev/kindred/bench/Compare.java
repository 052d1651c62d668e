// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Plays rows and prints one line for each.
 *
 * <p>A line is the row's name, both figures, their ratio (ours over theirs, so lower is better), the smallest and largest ratio of a round, the target and
 * whether it was met. A figure is the median of its rounds, the ratio that of the two medians. Where there is no peer, the smallest and largest are figures
 * of ours. Lines that begin with # say what a reader may want to know besides: the machine, and the other numbers of each row.
 *
 * <p>A missed target is no failure; a row that could not be played is, at the end.
 */
public final class Compare {

    /** How often each side plays. An odd number, so that a median is a figure that was seen. */
    private static final int ROUNDS = Integer.getInteger("rounds", 7);

    private final Machine machine;
    private boolean failed;

    private Compare(Machine machine) {
        this.machine = machine;
    }

    /**
     * Plays the rows named by the system property {@code rows}, separated by commas, or all of them.
     *
     * @param arguments the folder of the peers, one for their programs, and the jar of this module
     * @throws IOException if the machine cannot be looked at
     */
    public static void main(String[] arguments) throws IOException {
        List<Row> rows = chosen(System.getProperty("rows", ""));
        Compare compare = new Compare(new Machine(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2])));
        compare.printMachine();
        rows.forEach(compare::play);
        System.exit(compare.failed ? 1 : 0);
    }

    private static List<Row> chosen(String names) {
        if (names.isBlank()) {
            return Rows.TABLE;
        }
        Set<String> wanted = new TreeSet<>(Arrays.asList(names.strip().split("\\s*,\\s*")));
        List<Row> rows = Rows.TABLE.stream().filter(row -> wanted.contains(row.name()) || wanted.contains(row.of())).toList();
        rows.forEach(row -> {
            wanted.remove(row.name());
            wanted.remove(row.of());
        });
        if (!wanted.isEmpty()) {
            System.err.println("no such row: " + String.join(", ", wanted) + "; there are "
                    + String.join(", ", Rows.TABLE.stream().map(Row::name).toList()));
            System.exit(2);
        }
        return rows;
    }

    private void printMachine() throws IOException {
        System.out.println("# cores " + machine.core(0) + " and " + machine.core(1) + " of " + Runtime.getRuntime().availableProcessors() + ", "
                + System.getProperty("java.vm.name") + " " + Runtime.version() + " " + String.join(" ", Machine.options()) + ", "
                + ROUNDS + " rounds a side");
        try {
            System.out.println("# python3 is " + machine.pythonVersion());
        } catch (MissingPeerException e) {
            System.out.println("# " + e.getMessage());
        }
    }

    private void play(Row row) {
        try {
            play(row, row.peer());
        } catch (IOException | RuntimeException e) {
            failed = true;
            System.out.println(row.name() + " failed: " + e);
        }
        System.out.flush();
    }

    private void play(Row row, Row.@Nullable Peer peer) throws IOException {
        String missing = "";
        List<String> theirs = List.of();
        if (peer != null) {
            try {
                theirs = peer.start().command(machine);
            } catch (MissingPeerException e) {
                missing = e.getMessage();
            }
        }
        Result result = rounds(machine.java(row.task()), theirs);
        printLine(row, peer, result, missing);
        printExtras(row.name() + " ours", result.ourRounds());
        printExtras(row.name() + " theirs", result.theirRounds());
    }

    /** Plays in turns, and who is first takes turns, too. */
    private static Result rounds(List<String> ourCommand, List<String> theirCommand) throws IOException {
        List<Round> ours = new ArrayList<>();
        List<Round> theirs = new ArrayList<>();
        try (Contestant us = new Contestant(ourCommand);
                Contestant them = theirCommand.isEmpty() ? null : new Contestant(theirCommand)) {
            for (int i = 0; i < ROUNDS; i++) {
                if (them != null && i % 2 == 1) {
                    theirs.add(them.play());
                }
                ours.add(us.play());
                if (them != null && i % 2 == 0) {
                    theirs.add(them.play());
                }
            }
        }
        return new Result(ours, theirs);
    }

    private static void printLine(Row row, Row.@Nullable Peer peer, Result result, String missing) {
        StringBuilder line = new StringBuilder(row.name())
                .append(" ours=").append(Figures.text(result.ours())).append(' ').append(row.unit())
                .append(" peer=").append(peer == null ? "none" : peer.name());
        if (result.isCompared()) {
            line.append(" theirs=").append(Figures.text(result.theirs())).append(' ').append(row.unit())
                    .append(" ratio=").append(Figures.text(result.ratio()));
        } else {
            line.append(missing.isEmpty() ? " theirs=none ratio=none" : " theirs=missing ratio=none");
        }
        line.append(" min=").append(Figures.text(result.smallest()))
                .append(" max=").append(Figures.text(result.largest()))
                .append(" target=").append(row.target()).append(' ')
                .append(!missing.isEmpty() ? "unknown: " + missing : row.target().isMet(result) ? "ok" : "missed");
        System.out.println(line);
    }

    /** Prints the other numbers of the rounds, if they have any. */
    private static void printExtras(String who, List<Round> rounds) {
        if (rounds.stream().anyMatch(round -> !round.extras().isEmpty())) {
            System.out.println("# " + who + ":" + String.join(";", rounds.stream().map(Round::words).toList()));
        }
    }
}
