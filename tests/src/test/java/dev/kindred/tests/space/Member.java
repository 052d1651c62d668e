// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.space;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.kindred.OwnerDiedException;
import dev.kindred.ProcessIdentity;
import dev.kindred.Space;
import dev.kindred.sync.Lock;
import dev.kindred.tests.support.TestJvm;

/** A process that has a named space open and is nobody's child, as its test sees it. */
final class Member implements AutoCloseable {

    private static final String FAILED = "failed ";

    private final TestJvm jvm;

    private Member(TestJvm jvm) {
        this.jvm = jvm;
    }

    /** Starts a process that has nothing open yet. */
    static Member start(String... options) {
        return new Member(TestJvm.start(List.of(options), Map.of(), Program.class));
    }

    /** Starts a process and opens a space in it. */
    static Member of(String space, String... options) {
        Member member = start(options);
        member.open(space);
        return member;
    }

    TestJvm jvm() {
        return jvm;
    }

    long pid() {
        return jvm.pid();
    }

    /** Sends a command without waiting for what comes of it. */
    void begin(String command) {
        jvm.send(command);
    }

    /** {@return what came of the command that was begun last} */
    String end() {
        String answer = jvm.nextLine();
        if (answer.startsWith(FAILED)) {
            throw new AssertionError("process " + pid() + ": " + answer);
        }
        return answer;
    }

    String call(String command) {
        begin(command);
        return end();
    }

    void open(String space) {
        call("open " + space);
    }

    void close(String space) {
        call("close " + space);
    }

    /** {@return {@code locked}, or {@code died NAME (pid PID)} if the lock was poisoned} */
    String lock(String name) {
        return call("lock " + name);
    }

    void unlock(String name) {
        call("unlock " + name);
    }

    /** {@return the pids of those who have the space open} */
    String members() {
        return call("members");
    }

    @Override
    public void close() {
        jvm.close();
    }

    /** What the process does: one command a line, one answer each. Objects are of the space that was opened last. */
    static final class Program {

        private final Map<String, Space> spaces = new HashMap<>();
        private final Map<String, Lock> locks = new HashMap<>();
        private Space last;

        private Program() {}

        public static void main(String[] arguments) {
            Program program = new Program();
            while (true) {
                String[] words = TestJvm.hear().split(" ", -1);
                String answer;
                try {
                    answer = program.act(words[0], words.length > 1 ? words[1] : "");
                } catch (Exception e) {
                    answer = FAILED + e;
                }
                TestJvm.say(answer);
                if (words[0].equals("return")) {
                    return;
                }
            }
        }

        private String act(String command, String name) throws Exception {
            return switch (command) {
                case "open" -> open(name);
                case "close" -> close(name);
                case "lock" -> lock(name);
                case "unlock" -> unlock(name);
                case "recover" -> recover(name);
                case "owner" -> lockOf(name).owner().map(ProcessIdentity::toString).orElse("nobody");
                case "remove" -> String.valueOf(last.remove(name));
                case "names" -> last.names().toString();
                case "members" -> last.members().stream().map(member -> Long.toString(member.pid())).sorted().toList().toString();
                case "exit" -> exit(name);
                case "return" -> "returning";
                default -> throw new IllegalArgumentException(command);
            };
        }

        private String open(String name) {
            last = Space.open(name);
            spaces.put(name, last);
            return "opened " + name;
        }

        private String close(String name) {
            spaces.remove(name).close();
            locks.clear();
            return "closed " + name;
        }

        private Lock lockOf(String name) {
            return locks.computeIfAbsent(name, _ -> Lock.open(last, name));
        }

        private String lock(String name) {
            try {
                lockOf(name).lock();
                return "locked";
            } catch (OwnerDiedException e) {
                return "died " + e.owner().orElseThrow();
            }
        }

        private String unlock(String name) {
            lockOf(name).unlock();
            return "unlocked";
        }

        private String recover(String name) throws Exception {
            return "recovered " + lockOf(name).recover(10, TimeUnit.SECONDS);
        }

        private static String exit(String code) {
            System.exit(Integer.parseInt(code));
            return "never";
        }
    }
}
