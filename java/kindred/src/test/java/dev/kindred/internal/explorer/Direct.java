// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

/** Performs the operations of the only actor there is, at once. */
final class Direct implements Performer {

    private final Memory memory;

    Direct(Memory memory) {
        this.memory = memory;
    }

    @Override
    public long perform(Operation operation) {
        return switch (operation) {
            case Operation.Access access -> access.perform(memory);
            case Operation.Now _, Operation.Pause _, Operation.Wake _, Operation.WakeAll _ -> 0;
            case Operation.EnterGate _, Operation.LeaveGate _ -> 0;
            default -> throw new Violation("the only actor waits: " + operation);
        };
    }
}
