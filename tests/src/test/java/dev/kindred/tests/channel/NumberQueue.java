// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.tests.channel;

import java.io.Serializable;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.kindred.channel.ByteQueue;
import dev.kindred.channel.DoubleQueue;
import dev.kindred.channel.IntQueue;
import dev.kindred.channel.JoinableQueue;
import dev.kindred.channel.LongQueue;
import dev.kindred.channel.Queue;

/** A queue of any kind, used for small numbers, so that one test runs for all. */
interface NumberQueue extends Serializable {

    void put(long number) throws InterruptedException;

    boolean offer(long number);

    boolean offer(long number, long time, TimeUnit unit) throws InterruptedException;

    long take() throws InterruptedException;

    OptionalLong poll();

    OptionalLong poll(long time, TimeUnit unit) throws InterruptedException;

    int size();

    boolean isEmpty();

    void shutdown(boolean immediate);

    boolean isShutdown();

    void close();

    /** Messages of eight bytes. */
    record Bytes(ByteQueue queue) implements NumberQueue {

        private static byte[] bytes(long number) {
            byte[] bytes = new byte[Long.BYTES];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (number >>> Byte.SIZE * i);
            }
            return bytes;
        }

        private static OptionalLong number(byte[] bytes) {
            if (bytes == null) {
                return OptionalLong.empty();
            }
            long number = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                number |= (bytes[i] & 0xffL) << Byte.SIZE * i;
            }
            return OptionalLong.of(number);
        }

        @Override
        public void put(long number) throws InterruptedException {
            queue.put(bytes(number));
        }

        @Override
        public boolean offer(long number) {
            return queue.offer(bytes(number));
        }

        @Override
        public boolean offer(long number, long time, TimeUnit unit) throws InterruptedException {
            return queue.offer(bytes(number), time, unit);
        }

        @Override
        public long take() throws InterruptedException {
            return number(queue.take()).getAsLong();
        }

        @Override
        public OptionalLong poll() {
            return number(queue.poll());
        }

        @Override
        public OptionalLong poll(long time, TimeUnit unit) throws InterruptedException {
            return number(queue.poll(time, unit));
        }

        @Override
        public int size() {
            return queue.size();
        }

        @Override
        public boolean isEmpty() {
            return queue.isEmpty();
        }

        @Override
        public void shutdown(boolean immediate) {
            queue.shutdown(immediate);
        }

        @Override
        public boolean isShutdown() {
            return queue.isShutdown();
        }

        @Override
        public void close() {
            queue.close();
        }

        @Override
        public String toString() {
            return queue.toString();
        }
    }

    record Longs(LongQueue queue) implements NumberQueue {

        @Override
        public void put(long number) throws InterruptedException {
            queue.put(number);
        }

        @Override
        public boolean offer(long number) {
            return queue.offer(number);
        }

        @Override
        public boolean offer(long number, long time, TimeUnit unit) throws InterruptedException {
            return queue.offer(number, time, unit);
        }

        @Override
        public long take() throws InterruptedException {
            return queue.take();
        }

        @Override
        public OptionalLong poll() {
            return queue.poll();
        }

        @Override
        public OptionalLong poll(long time, TimeUnit unit) throws InterruptedException {
            return queue.poll(time, unit);
        }

        @Override
        public int size() {
            return queue.size();
        }

        @Override
        public boolean isEmpty() {
            return queue.isEmpty();
        }

        @Override
        public void shutdown(boolean immediate) {
            queue.shutdown(immediate);
        }

        @Override
        public boolean isShutdown() {
            return queue.isShutdown();
        }

        @Override
        public void close() {
            queue.close();
        }

        @Override
        public String toString() {
            return queue.toString();
        }
    }

    record Ints(IntQueue queue) implements NumberQueue {

        @Override
        public void put(long number) throws InterruptedException {
            queue.put((int) number);
        }

        @Override
        public boolean offer(long number) {
            return queue.offer((int) number);
        }

        @Override
        public boolean offer(long number, long time, TimeUnit unit) throws InterruptedException {
            return queue.offer((int) number, time, unit);
        }

        @Override
        public long take() throws InterruptedException {
            return queue.take();
        }

        @Override
        public OptionalLong poll() {
            return queue.poll().stream().asLongStream().findFirst();
        }

        @Override
        public OptionalLong poll(long time, TimeUnit unit) throws InterruptedException {
            return queue.poll(time, unit).stream().asLongStream().findFirst();
        }

        @Override
        public int size() {
            return queue.size();
        }

        @Override
        public boolean isEmpty() {
            return queue.isEmpty();
        }

        @Override
        public void shutdown(boolean immediate) {
            queue.shutdown(immediate);
        }

        @Override
        public boolean isShutdown() {
            return queue.isShutdown();
        }

        @Override
        public void close() {
            queue.close();
        }

        @Override
        public String toString() {
            return queue.toString();
        }
    }

    record Doubles(DoubleQueue queue) implements NumberQueue {

        @Override
        public void put(long number) throws InterruptedException {
            queue.put(number);
        }

        @Override
        public boolean offer(long number) {
            return queue.offer(number);
        }

        @Override
        public boolean offer(long number, long time, TimeUnit unit) throws InterruptedException {
            return queue.offer(number, time, unit);
        }

        @Override
        public long take() throws InterruptedException {
            return (long) queue.take();
        }

        @Override
        public OptionalLong poll() {
            return queue.poll().stream().mapToLong(number -> (long) number).findFirst();
        }

        @Override
        public OptionalLong poll(long time, TimeUnit unit) throws InterruptedException {
            return queue.poll(time, unit).stream().mapToLong(number -> (long) number).findFirst();
        }

        @Override
        public int size() {
            return queue.size();
        }

        @Override
        public boolean isEmpty() {
            return queue.isEmpty();
        }

        @Override
        public void shutdown(boolean immediate) {
            queue.shutdown(immediate);
        }

        @Override
        public boolean isShutdown() {
            return queue.isShutdown();
        }

        @Override
        public void close() {
            queue.close();
        }

        @Override
        public String toString() {
            return queue.toString();
        }
    }

    /** Boxed numbers. */
    record Objects(BlockingQueue<Long> queue) implements NumberQueue {

        @Override
        public void put(long number) throws InterruptedException {
            queue.put(number);
        }

        @Override
        public boolean offer(long number) {
            return queue.offer(number);
        }

        @Override
        public boolean offer(long number, long time, TimeUnit unit) throws InterruptedException {
            return queue.offer(number, time, unit);
        }

        @Override
        public long take() throws InterruptedException {
            long number = queue.take();
            taken();
            return number;
        }

        private static OptionalLong optional(Long number) {
            return number == null ? OptionalLong.empty() : OptionalLong.of(number);
        }

        @Override
        public OptionalLong poll() {
            OptionalLong number = optional(queue.poll());
            if (number.isPresent()) {
                taken();
            }
            return number;
        }

        @Override
        public OptionalLong poll(long time, TimeUnit unit) throws InterruptedException {
            OptionalLong number = optional(queue.poll(time, unit));
            if (number.isPresent()) {
                taken();
            }
            return number;
        }

        private void taken() {
            if (queue instanceof JoinableQueue<Long> joinable) {
                joinable.taskDone();
            }
        }

        @Override
        public int size() {
            return queue.size();
        }

        @Override
        public boolean isEmpty() {
            return queue.isEmpty();
        }

        @Override
        public void shutdown(boolean immediate) {
            if (queue instanceof JoinableQueue<Long> joinable) {
                joinable.shutdown(immediate);
            } else {
                ((Queue<Long>) queue).shutdown(immediate);
            }
        }

        @Override
        public boolean isShutdown() {
            return queue instanceof JoinableQueue<Long> joinable ? joinable.isShutdown() : ((Queue<Long>) queue).isShutdown();
        }

        @Override
        public void close() {
            if (queue instanceof JoinableQueue<Long> joinable) {
                joinable.close();
            } else {
                ((Queue<Long>) queue).close();
            }
        }

        @Override
        public String toString() {
            return queue.toString();
        }
    }
}
