// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.examples;

import dev.kindred.memory.SharedMemory;
import dev.kindred.memory.Value;
import dev.kindred.process.ChildProcess;
import dev.kindred.sync.Lock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts all words of a folder of texts, by several children, into one table in shared memory. */
public final class WordCount {

    /** Words of more letters than fit into a place of the table count as several. */
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]{1," + WordTable.LONGEST_WORD + "}");

    private WordCount() {}

    /**
     * Runs this part.
     *
     * @param arguments the folder; none for the licence texts of this machine
     * @throws Exception if a file cannot be read or a child fails
     */
    public static void main(String[] arguments) throws Exception {
        Path folder = Demo.folder(arguments);
        int children = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 8);
        Demo.title("5. Every word under " + folder + ", counted by " + children + " children");
        List<String> files = texts(folder);
        long bytes = 0;
        for (String file : files) {
            bytes += Files.size(Path.of(file));
        }

        long begin = System.nanoTime();
        Map<String, Integer> expected = new HashMap<>();
        for (String file : files) {
            count(file, expected);
        }
        long alone = System.nanoTime();
        Map<String, Integer> counted = countByChildren(files, bytes, children);
        long together = System.nanoTime();

        System.out.printf(Locale.ROOT, "%d files, %d bytes, %d words, %d of them different%n",
                files.size(), bytes, counted.values().stream().mapToLong(n -> n).sum(), counted.size());
        System.out.println("The most frequent: " + mostFrequent(counted, 8));
        System.out.printf(Locale.ROOT, "One thread took %d ms, %d children %d ms with their start%n",
                (alone - begin) / 1_000_000, children, (together - alone) / 1_000_000);
        if (!counted.equals(expected)) {
            throw new AssertionError("the children counted " + counted.size() + " words, one thread alone "
                    + expected.size());
        }
        System.out.println("Both counts are equal, word for word.");
    }

    private static Map<String, Integer> countByChildren(List<String> files, long bytes, int count)
            throws InterruptedException {
        try (SharedMemory memory = SharedMemory.anonymous(WordTable.sizeFor(bytes))) {
            Lock lock = new Lock();
            Value next = Value.ofInt(0);
            List<ChildProcess> children = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                children.add(ChildProcess.start("counter-" + i, () -> countSome(files, next, memory, lock)));
            }
            for (ChildProcess child : children) {
                child.join();
                if (child.exitCode().orElseThrow() != 0) {
                    throw new IllegalStateException(child + " did not finish its part");
                }
                child.close();
            }
            return new WordTable(memory.segment()).toMap();
        }
    }

    /** In a child: takes one file after the other as long as there are any, then adds what it counted to the table. */
    private static void countSome(List<String> files, Value next, SharedMemory memory, Lock lock) throws IOException {
        Map<String, Integer> mine = new HashMap<>();
        for (long i = next.getAndAdd(1); i < files.size(); i = next.getAndAdd(1)) {
            count(files.get(Math.toIntExact(i)), mine);
        }
        WordTable table = new WordTable(memory.segment());
        lock.lock();
        try {
            mine.forEach(table::add);
        } finally {
            lock.unlock();
        }
    }

    private static void count(String file, Map<String, Integer> counts) throws IOException {
        String text = new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        for (Matcher matcher = WORD.matcher(text); matcher.find();) {
            counts.merge(matcher.group(), 1, Integer::sum);
        }
    }

    /** {@return all files under a folder, each once: links to others of them are left out} */
    private static List<String> texts(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> Files.isRegularFile(path) && !Files.isSymbolicLink(path))
                    .map(Path::toString).sorted()
                    .collect(Collectors.toCollection(ArrayList::new));
        }
    }

    private static String mostFrequent(Map<String, Integer> counts, int limit) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(limit).map(entry -> entry.getKey() + " " + entry.getValue()).collect(Collectors.joining(", "));
    }
}
