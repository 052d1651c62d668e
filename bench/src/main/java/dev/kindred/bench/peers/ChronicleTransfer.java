// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench.peers;

import dev.kindred.bench.Course;
import dev.kindred.bench.Numbered;
import dev.kindred.bench.Round;
import dev.kindred.bench.tasks.QueueBytes40;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;

/** A Chronicle Queue in memory: one process appends messages of 40 bytes, the other follows, one a call. Figure: nanoseconds a message. */
public final class ChronicleTransfer extends JvmPair<ChronicleTransfer.Side> {

    /** What both processes do. */
    static final class Side implements Course.Part {

        private final int process;
        private final ExcerptAppender appender;
        private final ExcerptTailer tailer;
        private final Bytes<?> message = Bytes.allocateElasticDirect(QueueBytes40.BYTES);

        Side(SharedFolder folder, int process) {
            this.process = process;
            ChronicleQueue queue = ChronicleQueue.singleBuilder(folder.file("queue")).build();
            appender = queue.createAppender();
            tailer = queue.createTailer();
        }

        @Override
        public void play() {
            if (process == 0) {
                append();
            } else {
                follow();
            }
        }

        private void append() {
            for (int i = 0; i < QueueBytes40.THEIR_MESSAGES; i++) {
                message.clear();
                message.writeLong(i);
                message.writePosition(QueueBytes40.BYTES);
                appender.writeBytes(message);
            }
        }

        private void follow() {
            Numbered numbered = new Numbered();
            while (numbered.count() < QueueBytes40.THEIR_MESSAGES) {
                message.clear();
                if (tailer.readBytes(message)) {
                    numbered.check(message.readLong());
                } else {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /**
     * Starts the other process.
     *
     * @throws Exception if that fails
     */
    public ChronicleTransfer() throws Exception {
        super(Side.class);
    }

    @Override
    Round round(double nanoseconds) {
        return Round.of(nanoseconds / QueueBytes40.THEIR_MESSAGES);
    }
}
