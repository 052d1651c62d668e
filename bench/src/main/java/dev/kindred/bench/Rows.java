// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.bench;

import java.io.IOException;
import java.util.List;

import dev.kindred.bench.peers.AeronRoundTrip;
import dev.kindred.bench.peers.AgronaBytes;
import dev.kindred.bench.peers.AgronaBytesBatch;
import dev.kindred.bench.peers.AgronaBytesRead;
import dev.kindred.bench.peers.AgronaLatency;
import dev.kindred.bench.peers.AgronaLongs;
import dev.kindred.bench.peers.AgronaRoundTrip;
import dev.kindred.bench.peers.ChronicleTransfer;
import dev.kindred.bench.tasks.ArrayCopy;
import dev.kindred.bench.tasks.AtomicLongAdd;
import dev.kindred.bench.tasks.BarrierTwo;
import dev.kindred.bench.tasks.ConditionPingPong;
import dev.kindred.bench.tasks.EventAllocation;
import dev.kindred.bench.tasks.EventPingPong;
import dev.kindred.bench.tasks.IdleCpu;
import dev.kindred.bench.tasks.LockAllocation;
import dev.kindred.bench.tasks.LockContended;
import dev.kindred.bench.tasks.LockHandover;
import dev.kindred.bench.tasks.LockLatency;
import dev.kindred.bench.tasks.LockUncontended;
import dev.kindred.bench.tasks.PipeBulk;
import dev.kindred.bench.tasks.PipeRoundTrip;
import dev.kindred.bench.tasks.QueueAllocation;
import dev.kindred.bench.tasks.QueueBlocking;
import dev.kindred.bench.tasks.QueueBytes;
import dev.kindred.bench.tasks.QueueBytes40;
import dev.kindred.bench.tasks.QueueBytesBatch;
import dev.kindred.bench.tasks.QueueBytesRead;
import dev.kindred.bench.tasks.QueueLatency;
import dev.kindred.bench.tasks.QueueLongs;
import dev.kindred.bench.tasks.QueueManyToMany;
import dev.kindred.bench.tasks.QueueObjects;
import dev.kindred.bench.tasks.QueueRoundTrip;
import dev.kindred.bench.tasks.QueueSleeping;
import dev.kindred.bench.tasks.RecoverBarrier;
import dev.kindred.bench.tasks.RecoverCondition;
import dev.kindred.bench.tasks.RecoverEvent;
import dev.kindred.bench.tasks.RecoverLock;
import dev.kindred.bench.tasks.RecoverLock1Gigabyte;
import dev.kindred.bench.tasks.RecoverLock4Gigabytes;
import dev.kindred.bench.tasks.RecoverSemaphore;
import dev.kindred.bench.tasks.SemaphoreAllocation;
import dev.kindred.bench.tasks.SemaphorePingPong;
import dev.kindred.bench.tasks.SemaphoreSleeping;
import dev.kindred.bench.tasks.SemaphoreUncontended;
import dev.kindred.bench.tasks.SpaceMillionLocks;
import dev.kindred.bench.tasks.StartSpareJoined;
import dev.kindred.bench.tasks.StartSpareRun;
import dev.kindred.bench.tasks.StartSpawn;
import dev.kindred.bench.tasks.StartSpawnCached;
import dev.kindred.bench.tasks.StartSustained;
import dev.kindred.bench.tasks.ValueAllocation;
import dev.kindred.bench.tasks.ValueAtomicAdd;
import dev.kindred.bench.tasks.ValueLockedIncrement;

/** The table. */
final class Rows {

    /** What start_forkserver.py is told to measure. */
    private static final int TO_FIRST_LINE = 0;
    private static final int TO_JOIN = 1;
    private static final int ALL = 2;

    /** For how long a waiter of ours spins before it sleeps, at most, and the peer that is to do the same. */
    private static final int SPIN_NANOSECONDS = 20_000;

    /** From a death to its recovery. */
    private static final Target RECOVERY = Target.median(15).extra("worst", 100);

    /** What Agrona needs of the JVM, and with it Aeron. */
    private static final String[] AGRONA = {"--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED"};

    /** What Chronicle needs of the JVM. */
    private static final String[] CHRONICLE = {"--add-opens=java.base/java.lang.reflect=ALL-UNNAMED", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
        "-Dchronicle.analytics.disable=true"};

    /** All rows, in the order they are played. */
    static final List<Row> TABLE = List.of(
            Row.beside("lock.uncontended", "ns", Target.ratio(1.0), LockUncontended.class, "c.robust-mutex",
                    machine -> machine.c("mutex_uncontended", 5_000_000, machine.core(0))),
            Row.beside("lock.uncontended.python", "ns", Target.ratio(0.2), LockUncontended.class, "python.lock",
                    machine -> machine.python("lock_uncontended", 300_000, machine.core(0))),
            Row.beside("lock.contended", "ns", Target.ratio(1.5), LockContended.class, "c.mutex",
                    machine -> contended(machine, LockContended.ROUND_MILLISECONDS, 2)),
            Row.beside("lock.handover", "ns", Target.ratio(1.5).extra("fair/least", 2), LockHandover.class, "c.mutex",
                    machine -> contended(machine, LockHandover.ROUND_MILLISECONDS, LockHandover.PROCESSES)),
            Row.beside("lock.latency", "ns", Target.ratio(1.5), LockLatency.class, "c.mutex",
                    machine -> machine.c("mutex_latency", LockLatency.SAMPLES, machine.core(0), machine.core(1))),
            Row.beside("semaphore.uncontended", "ns", Target.ratio(1.2), SemaphoreUncontended.class, "c.sem_t",
                    machine -> machine.c("semaphore_uncontended", 5_000_000, machine.core(0))),
            Row.beside("semaphore.pingpong", "ns", Target.ratio(0.1), SemaphorePingPong.class, "c.sem_t", Rows::sleepingPingPong),
            Row.beside("semaphore.pingpong.floor", "ns", Target.ratio(1.5), SemaphorePingPong.class, "c.spinning-futex",
                    machine -> pingPong(machine, SemaphorePingPong.ROUND_TRIPS, SPIN_NANOSECONDS)).variantOf("semaphore.pingpong"),
            Row.beside("semaphore.pingpong.python", "ns", Target.ratio(0.1), SemaphorePingPong.class, "python.semaphore",
                    machine -> pythonPingPong(machine, "semaphore_pingpong", SemaphorePingPong.THEIR_ROUND_TRIPS))
                    .variantOf("semaphore.pingpong"),
            Row.beside("semaphore.sleeping", "ns", Target.ratio(1.15), SemaphoreSleeping.class, "c.sem_t", Rows::sleepingPingPong),
            Row.beside("event.pingpong", "ns", Target.ratio(0.02), EventPingPong.class, "python.event",
                    machine -> pythonPingPong(machine, "event_pingpong", EventPingPong.THEIR_ROUND_TRIPS)),
            Row.beside("condition.pingpong", "ns", Target.ratio(0.05), ConditionPingPong.class, "python.condition",
                    machine -> pythonPingPong(machine, "condition_pingpong", ConditionPingPong.THEIR_ROUND_TRIPS)),
            Row.beside("barrier.two", "ns", Target.ratio(0.3), BarrierTwo.class, "c.barrier",
                    machine -> machine.c("barrier_two", BarrierTwo.MEETINGS, machine.core(0), machine.core(1))),
            Row.beside("pipe.rtt", "ns", Target.ratio(1.3), PipeRoundTrip.class, "c.socketpair",
                    machine -> socketPair(machine, PipeRoundTrip.ROUND_TRIPS, PipeRoundTrip.BYTES)),
            Row.beside("pipe.rtt.python", "ns", Target.ratio(0.6), PipeRoundTrip.class, "python.pipe",
                    machine -> pythonPingPong(machine, "pipe_pingpong", PipeRoundTrip.ROUND_TRIPS)).variantOf("pipe.rtt"),
            Row.beside("pipe.bulk", "ns", Target.ratio(1.15), PipeBulk.class, "c.socketpair",
                    machine -> socketPair(machine, PipeBulk.ROUND_TRIPS, PipeBulk.BYTES)),
            Row.beside("value.locked-increment", "ns", Target.ratio(0.06), ValueLockedIncrement.class, "python.value",
                    machine -> machine.python("value_increment", 100_000, machine.core(0))),
            Row.beside("value.atomic-add", "ns", Target.ratio(1.1), ValueAtomicAdd.class, "java.atomic-long",
                    machine -> machine.java(AtomicLongAdd.class)),
            Row.beside("array.copy", "ms", Target.ratio(1.05), ArrayCopy.class, "c.memcpy",
                    machine -> machine.c("memory_copy", ArrayCopy.COPIES, machine.core(0), ArrayCopy.BYTES)),
            Row.beside("start.spare.run", "ms", Target.ratio(0.5), StartSpareRun.class, "python.forkserver",
                    machine -> forkServer(machine, StartSpareRun.STARTS, TO_FIRST_LINE)),
            Row.beside("start.spare.joined", "ms", Target.ratio(1.0), StartSpareJoined.class, "python.forkserver",
                    machine -> forkServer(machine, StartSpareJoined.STARTS, TO_JOIN)),
            Row.beside("start.sustained", "ms", Target.printed(), StartSustained.class, "python.forkserver",
                    machine -> forkServer(machine, StartSustained.STARTS, ALL)),
            Row.beside("start.spawn", "ms", Target.ratio(2.2), StartSpawn.class, "python.spawn", Rows::spawn),
            Row.beside("start.spawn.aot", "ms", Target.ratio(1.6), StartSpawnCached.class, "python.spawn", Rows::spawn)
                    .variantOf("start.spawn"),
            Row.alone("space.million-locks", "bytes", Target.median(72).extra("descriptors", 0), SpaceMillionLocks.class),
            Row.beside("queue.bytes", "ns", Target.ratio(1.0), QueueBytes.class, "agrona.many-to-one", machine -> machine.java(AgronaBytes.class, AGRONA)),
            Row.beside("queue.bytes.read", "ns", Target.printed(), QueueBytesRead.class, "agrona.many-to-one",
                    machine -> machine.java(AgronaBytesRead.class, AGRONA)).variantOf("queue.bytes"),
            Row.beside("queue.bytes.batch", "ns", Target.ratio(1.0), QueueBytesBatch.class, "agrona.one-to-one",
                    machine -> machine.java(AgronaBytesBatch.class, AGRONA)),
            Row.beside("queue.longs", "ns", Target.ratio(1.0), QueueLongs.class, "agrona.one-to-one",
                    machine -> machine.java(AgronaLongs.class, AGRONA)),
            Row.beside("queue.rtt", "ns", Target.ratio(1.4).extraRatio("p99", 1.2), QueueRoundTrip.class, "agrona.many-to-one",
                    machine -> machine.java(AgronaRoundTrip.class, AGRONA)),
            Row.beside("queue.rtt.aeron", "ns", Target.ratio(1.4).extraRatio("p99", 0.5), QueueRoundTrip.class, "aeron.ipc",
                    machine -> machine.java(AeronRoundTrip.class, AGRONA)).variantOf("queue.rtt"),
            Row.beside("queue.latency", "ns", Target.ratio(1.2), QueueLatency.class, "agrona.many-to-one",
                    machine -> machine.java(AgronaLatency.class, AGRONA)),
            Row.beside("queue.chronicle", "ns", Target.ratio(0.5), QueueBytes40.class, "chronicle.queue",
                    machine -> machine.java(ChronicleTransfer.class, CHRONICLE)),
            Row.beside("queue.blocking-rtt", "ns", Target.ratio(0.2), QueueBlocking.class, "c.sem_t", Rows::sleepingPingPong),
            Row.beside("queue.sleeping-rtt", "ns", Target.ratio(1.3), QueueSleeping.class, "c.sem_t", Rows::sleepingPingPong),
            Row.beside("queue.objects", "ns", Target.ratio(0.03), QueueObjects.class, "python.queue", machine -> pythonQueue(machine, 1)),
            Row.beside("queue.mpmc", "ns", Target.ratio(0.05), QueueManyToMany.class, "python.queue",
                    machine -> pythonQueue(machine, QueueManyToMany.PAIRS)),
            Row.alone("alloc.lock", "bytes", Target.median(0), LockAllocation.class),
            Row.alone("alloc.value", "bytes", Target.median(0), ValueAllocation.class),
            Row.alone("alloc.semaphore", "bytes", Target.median(0), SemaphoreAllocation.class),
            Row.alone("alloc.event", "bytes", Target.median(0), EventAllocation.class),
            Row.alone("alloc.queue", "bytes", Target.median(0), QueueAllocation.class),
            Row.alone("idle.cpu", "%", Target.median(0.3), IdleCpu.class),
            Row.alone("recover.semaphore", "ms", RECOVERY, RecoverSemaphore.class),
            Row.alone("recover.condition", "ms", RECOVERY, RecoverCondition.class),
            Row.alone("recover.event", "ms", RECOVERY, RecoverEvent.class),
            Row.alone("recover.barrier", "ms", RECOVERY, RecoverBarrier.class),
            Row.alone("recover.lock", "ms", RECOVERY, RecoverLock.class),
            Row.alone("recover.lock.1gb", "ms", Target.printed(), RecoverLock1Gigabyte.class).variantOf("recover.lock"),
            Row.alone("recover.lock.4gb", "ms", Target.printed(), RecoverLock4Gigabytes.class).variantOf("recover.lock"));

    private Rows() {}

    private static List<String> contended(Machine machine, long milliseconds, int processes) throws MissingPeerException, IOException {
        return machine.c("mutex_contended", milliseconds, machine.core(0), machine.core(1), processes);
    }

    private static List<String> sleepingPingPong(Machine machine) throws MissingPeerException, IOException {
        return pingPong(machine, SemaphorePingPong.THEIR_ROUND_TRIPS, 0);
    }

    private static List<String> pingPong(Machine machine, int roundTrips, int spinNanoseconds) throws MissingPeerException, IOException {
        return machine.c("semaphore_pingpong", roundTrips, machine.core(0), machine.core(1), spinNanoseconds);
    }

    private static List<String> socketPair(Machine machine, int roundTrips, int bytes) throws MissingPeerException, IOException {
        return machine.c("socket_pair", roundTrips, machine.core(0), machine.core(1), bytes);
    }

    private static List<String> pythonPingPong(Machine machine, String peer, int roundTrips) throws MissingPeerException, IOException {
        return machine.python(peer, roundTrips, machine.core(0), machine.core(1));
    }

    private static List<String> pythonQueue(Machine machine, int pairs) throws MissingPeerException, IOException {
        return machine.python("queue_transfer", QueueObjects.THEIR_ELEMENTS, machine.core(0), machine.core(1), pairs);
    }

    private static List<String> forkServer(Machine machine, int starts, int which) throws MissingPeerException, IOException {
        return machine.python("start_forkserver", starts, machine.core(0), machine.core(1), which);
    }

    private static List<String> spawn(Machine machine) throws MissingPeerException, IOException {
        return machine.python("start_spawn", StartSpawn.STARTS, machine.core(0), machine.core(1));
    }
}
