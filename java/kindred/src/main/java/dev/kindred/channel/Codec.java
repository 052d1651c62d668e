// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.OutputStream;
import java.io.Serializable;

import org.jspecify.annotations.Nullable;

/**
 * Makes bytes of elements and elements of bytes, for queues and connections. A codec travels with its queue to the children, so it is serializable,
 * and it is called by many threads at once.
 *
 * <p>{@link #objects()} takes whatever can travel. Another one is a class of two methods:
 *
 * {@snippet :
 * enum Words implements Codec<String> {
 *     CODEC;
 *
 *     public void encode(String word, OutputStream out) throws IOException {
 *         out.write(word.getBytes(StandardCharsets.UTF_8));
 *     }
 *
 *     public String decode(InputStream in) throws IOException {
 *         return new String(in.readAllBytes(), StandardCharsets.UTF_8);
 *     }
 * }
 * }
 *
 * @param <E> the elements
 */
public interface Codec<E extends @Nullable Object> extends Serializable {

    /**
     * Encodes an element. What it throws, the caller of {@code put} or {@code send} gets to see, as the cause of an
     * {@link UnencodableElementException}; nothing has been put or sent then.
     *
     * @param element the element
     * @param out     takes the bytes, in memory. It is good until this method returns, and is not to be used after that: it may belong to another
     *                element then. It need be neither buffered, flushed nor closed, and throws nothing but {@link OutOfMemoryError}, for more than 2 GiB
     * @throws IOException if the element cannot be encoded
     */
    void encode(E element, OutputStream out) throws IOException;

    /**
     * Decodes an element. What it throws, the caller of {@code take} or {@code receive} gets to see, as the cause of an
     * {@link UndecodableElementException}; that element is lost then, and those behind it are not.
     *
     * @param in gives the bytes that {@link #encode} wrote, all of them and no others, from memory. It is good until this method returns, and is not
     *           to be used after that. It need be neither buffered nor closed
     * @return the element
     * @throws IOException            if the bytes are no element
     * @throws ClassNotFoundException if the element is of a class that is not known here
     */
    E decode(InputStream in) throws IOException, ClassNotFoundException;

    /**
     * {@return the codec for objects of all kinds}
     *
     * <p>Null, boxed numbers, texts, enums, arrays, records, and the JDK's {@code ArrayList}, {@code HashSet}, {@code LinkedHashSet}, {@code TreeSet},
     * {@code HashMap}, {@code LinkedHashMap}, {@code TreeMap} and the unmodifiable ones of {@code List.of}, {@code Set.of}, {@code Map.of} and their like
     * take a few bytes and a fraction of a microsecond. An element that holds anything else, nests deeper than 64 levels or contains itself, or a map or
     * set with a comparator or in the order of access, is written by Java serialization as a whole. What arrives is the same in both cases: of the same
     * classes, modifiable or not as it was, in the same order. An array, a collection or a record that may hold one, which occurs twice in an element,
     * is one in what arrives; texts, boxes and records of nothing but numbers and texts are equal, but may be two.
     *
     * <p>A record need not be {@link Serializable}: it consists of its components, and is made by its canonical constructor, whose checks hold. One that
     * is serializable and has {@code writeReplace} or {@code readResolve} is replaced as in Java serialization. Objects that only children inherit
     * refuse with a {@link dev.kindred.NotInheritableException}.
     *
     * <p>Classes are found by Kindred's own class loader, and then by the context class loader of the thread that decodes.
     *
     * <p>Whoever can write to the queue or the connection decides which serializable classes, records and enums of this process are made; the JVM's filter
     * ({@link ObjectInputFilter.Config}) is asked for each, and for arrays with their lengths.
     *
     * @param <E> the elements
     */
    static <E extends @Nullable Object> Codec<E> objects() {
        return new ObjectCodec<>(null);
    }

    /**
     * {@return the codec for objects that takes only what a filter lets through}
     *
     * <p>The filter is asked, beside the JVM's, what Java serialization would ask it: for each object's class, for an array with its length, with the depth,
     * the number of objects and bytes so far. Not asked for are the classes of texts, boxed numbers and of those collections that {@link #objects()}
     * names; for these, only the limits are.
     *
     * @param <E>     the elements
     * @param pattern as {@link ObjectInputFilter.Config#createFilter} takes it, for example {@code "com.example.jobs.*;maxdepth=20;!*"}
     * @throws IllegalArgumentException if it is no such pattern
     */
    static <E extends @Nullable Object> Codec<E> objects(String pattern) {
        return new ObjectCodec<>(new PatternFilter(pattern));
    }

    /**
     * {@return the codec for objects that takes only what a filter lets through} It is asked as {@link #objects(String)} tells.
     *
     * @param <E>    the elements
     * @param <F>    a filter that travels with the codec; a lambda is one
     * @param filter says what may be made
     */
    static <E extends @Nullable Object, F extends ObjectInputFilter & Serializable> Codec<E> objects(F filter) {
        return new ObjectCodec<>(filter);
    }
}
