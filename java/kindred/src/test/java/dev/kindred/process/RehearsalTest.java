// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.kindred.internal.domain.Domain;
import dev.kindred.internal.space.Space;
import org.junit.jupiter.api.Test;

/** A spare that has rehearsed is what it was before. */
final class RehearsalTest {

    @Test
    void leavesItsNameAndPlace() throws Exception {
        Domain domain = Space.current().domain();
        String before = domain.name();
        Identity identity = Identity.current();
        try {
            domain.rename("spare");
            Rehearsal.run();
            assertEquals("spare", domain.name());
            assertSame(identity, Identity.current());
        } finally {
            domain.rename(before);
        }
    }
}
