// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.process;

import dev.kindred.internal.space.NamedSpaces;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Who a child is.
 *
 * @param name        its name
 * @param place       its place in the family, such as {@code 1:2}
 * @param daemon      whether it is a daemon
 * @param parentName  its parent's name
 * @param parentPid   its parent's process number
 * @param streams     bit {@code i} is set if a descriptor to become standard stream {@code i} comes along; these are
 *                    the first
 * @param descriptors how many descriptors come along in all, those of following frames included
 * @param spaces      how the named spaces are found that something of comes along
 */
record StartMessage(String name, String place, boolean daemon, String parentName, long parentPid, int streams,
        int descriptors, List<NamedSpaces.Passage> spaces) {

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(name);
            out.writeUTF(place);
            out.writeBoolean(daemon);
            out.writeUTF(parentName);
            out.writeLong(parentPid);
            out.writeByte(streams);
            out.writeInt(descriptors);
            out.writeInt(spaces.size());
            for (NamedSpaces.Passage space : spaces) {
                out.writeUTF(space.name());
                out.writeLong(space.device());
                out.writeLong(space.inode());
                out.writeInt(space.from());
            }
        } catch (IOException e) {
            // Only a name can do this: writeUTF takes at most 65535 bytes.
            throw new UncheckedIOException("the start of child process '" + name + "' cannot be encoded", e);
        }
        return bytes.toByteArray();
    }

    static StartMessage decode(byte[] body) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
            return new StartMessage(in.readUTF(), in.readUTF(), in.readBoolean(), in.readUTF(), in.readLong(),
                    in.readUnsignedByte(), in.readInt(), decodeSpaces(in));
        } catch (IOException e) {
            throw new UncheckedIOException("a START frame of " + body.length + " bytes cannot be decoded", e);
        }
    }

    private static List<NamedSpaces.Passage> decodeSpaces(DataInputStream in) throws IOException {
        int count = in.readInt();
        List<NamedSpaces.Passage> spaces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            spaces.add(new NamedSpaces.Passage(in.readUTF(), in.readLong(), in.readLong(), in.readInt()));
        }
        return spaces;
    }
}
