/* Copyright 2026 the Kindred authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The native methods of dev.kindred.internal.os: each copies its arrays to or from the stack and calls the function of kindred.h. An array
 * that is longer than the stack buffer is an error and never cut.
 */
#include <errno.h>
#include <string.h>

#include "dev_kindred_internal_os_Native.h"
#include "dev_kindred_internal_os_NativeLibrary.h"
#include "kindred.h"

_Static_assert(KINDRED_TEXT_LIMIT == dev_kindred_internal_os_Native_TEXT_LIMIT, "Java and C agree on the longest text");

#define METHOD(type, name) JNIEXPORT type JNICALL Java_dev_kindred_internal_os_Native_##name
#define STATIC_METHOD JNIEnv *env, jclass class
#define UNUSED_ENVIRONMENT (void) env, (void) class

/* The most ints that an array argument has: a new process's descriptors. */
#define INTS_LIMIT KINDRED_SPAWN_DESCRIPTORS_MAX
#define ANSWER_LIMIT 256

/* The most arguments that a method of Java takes. */
#define ARGUMENTS_LIMIT 255

/* How much of a Java array is sent or received at once. */
#define BYTES_LIMIT 16384

/*
 * How many bytes of a Java array are moved at once where they lie, without a copy. No call that does so waits, so nobody waits for it to let the
 * array go. Up to BYTES_LIMIT a copy costs less.
 */
#define PINNED_LIMIT (256 * 1024)

/* The longest head of a frame. */
#define HEAD_LIMIT 16

/* The private field `fd` of java.io.FileDescriptor. Written once, while the library is being loaded. */
static jfieldID descriptor_field;

jint JNI_OnLoad(JavaVM *vm, void *reserved) {
    (void) reserved;
    JNIEnv *env;
    if ((*vm)->GetEnv(vm, (void **) &env, JNI_VERSION_1_8) != JNI_OK) {
        return JNI_ERR;
    }
    jclass descriptor_class = (*env)->FindClass(env, "java/io/FileDescriptor");
    if (descriptor_class == NULL) {
        return JNI_ERR;
    }
    descriptor_field = (*env)->GetFieldID(env, descriptor_class, "fd", "I");
    return descriptor_field == NULL ? JNI_ERR : JNI_VERSION_1_8;
}

static void *pointer(jlong address) {
    return (void *) (intptr_t) address;
}

/* Returns the length, or -ENAMETOOLONG. */
static int get_bytes(JNIEnv *env, jbyteArray array, char buffer[KINDRED_TEXT_LIMIT]) {
    jsize length = (*env)->GetArrayLength(env, array);
    if (length > KINDRED_TEXT_LIMIT) {
        return -ENAMETOOLONG;
    }
    (*env)->GetByteArrayRegion(env, array, 0, length, (jbyte *) buffer);
    return length;
}

/* The same for bytes whose last one, and no other, is NUL; -EINVAL for others. */
static int get_text(JNIEnv *env, jbyteArray array, char buffer[KINDRED_TEXT_LIMIT]) {
    int length = get_bytes(env, array, buffer);
    if (length < 0) {
        return length;
    }
    return length > 0 && memchr(buffer, '\0', (size_t) length) == buffer + length - 1 ? 0 : -EINVAL;
}

/* Returns the length, or -E2BIG. */
static int get_ints(JNIEnv *env, jintArray array, int buffer[INTS_LIMIT]) {
    jsize length = (*env)->GetArrayLength(env, array);
    if (length > INTS_LIMIT) {
        return -E2BIG;
    }
    (*env)->GetIntArrayRegion(env, array, 0, length, buffer);
    return length;
}

static void set_text(JNIEnv *env, jbyteArray array, const char *text) {
    jsize room = (*env)->GetArrayLength(env, array);
    jsize length = (jsize) strlen(text) + 1;
    (*env)->SetByteArrayRegion(env, array, 0, length < room ? length : room, (const jbyte *) text);
}

/* Memory */

METHOD(jint, memfdCreate)(STATIC_METHOD, jbyteArray name) {
    (void) class;
    char text[KINDRED_TEXT_LIMIT];
    int failure = get_text(env, name, text);
    return failure < 0 ? failure : kindred_memfd_create(text);
}

METHOD(jint, addSeals)(STATIC_METHOD, jint descriptor, jint seals) {
    UNUSED_ENVIRONMENT;
    return kindred_add_seals(descriptor, seals);
}

METHOD(jint, sharedMemoryOpen)(STATIC_METHOD, jbyteArray name, jint flags, jint mode) {
    (void) class;
    char text[KINDRED_TEXT_LIMIT];
    int failure = get_text(env, name, text);
    return failure < 0 ? failure : kindred_shared_memory_open(text, flags, (unsigned int) mode);
}

METHOD(jint, sharedMemoryUnlink)(STATIC_METHOD, jbyteArray name) {
    (void) class;
    char text[KINDRED_TEXT_LIMIT];
    int failure = get_text(env, name, text);
    return failure < 0 ? failure : kindred_shared_memory_unlink(text);
}

METHOD(jint, sharedMemoryCreateUnnamed)(STATIC_METHOD, jint mode) {
    UNUSED_ENVIRONMENT;
    return kindred_shared_memory_create_unnamed((unsigned int) mode);
}

METHOD(jint, sharedMemoryLink)(STATIC_METHOD, jint descriptor, jbyteArray name) {
    (void) class;
    char text[KINDRED_TEXT_LIMIT];
    int failure = get_text(env, name, text);
    return failure < 0 ? failure : kindred_shared_memory_link(descriptor, text);
}

METHOD(jint, truncate)(STATIC_METHOD, jint descriptor, jlong size) {
    UNUSED_ENVIRONMENT;
    return kindred_truncate(descriptor, size);
}

METHOD(jint, fallocate)(STATIC_METHOD, jint descriptor, jint mode, jlong offset, jlong length) {
    UNUSED_ENVIRONMENT;
    return kindred_fallocate(descriptor, mode, offset, length);
}

METHOD(jlong, map)(STATIC_METHOD, jint descriptor, jlong offset, jlong length, jint protection, jint flags) {
    UNUSED_ENVIRONMENT;
    return kindred_map(descriptor, offset, (size_t) length, protection, flags);
}

METHOD(jint, mapOver)(STATIC_METHOD, jlong address, jlong length, jint descriptor, jint protection, jint flags) {
    UNUSED_ENVIRONMENT;
    return kindred_map_over(pointer(address), (size_t) length, descriptor, protection, flags);
}

METHOD(jint, unmap)(STATIC_METHOD, jlong address, jlong length) {
    UNUSED_ENVIRONMENT;
    return kindred_unmap(pointer(address), (size_t) length);
}

METHOD(jint, advise)(STATIC_METHOD, jlong address, jlong length, jint advice) {
    UNUSED_ENVIRONMENT;
    return kindred_advise(pointer(address), (size_t) length, advice);
}

/* Files and descriptors */

METHOD(jint, open)(STATIC_METHOD, jbyteArray path, jint flags, jint mode) {
    (void) class;
    char text[KINDRED_TEXT_LIMIT];
    int failure = get_text(env, path, text);
    return failure < 0 ? failure : kindred_open(text, flags, (unsigned int) mode);
}

METHOD(jint, close)(STATIC_METHOD, jint descriptor) {
    UNUSED_ENVIRONMENT;
    return kindred_close(descriptor);
}

METHOD(jint, status)(STATIC_METHOD, jint descriptor, jlongArray result) {
    (void) class;
    struct kindred_status status;
    int failure = kindred_status(descriptor, &status);
    if (failure == 0) {
        const jlong values[] = {
            status.size, status.device, status.inode, status.links, status.uid, status.mode, status.blocks,
        };
        (*env)->SetLongArrayRegion(env, result, 0, sizeof values / sizeof values[0], values);
    }
    return failure;
}

METHOD(jlong, room)(STATIC_METHOD, jint descriptor) {
    UNUSED_ENVIRONMENT;
    return kindred_room(descriptor);
}

METHOD(jint, duplicate)(STATIC_METHOD, jint descriptor) {
    UNUSED_ENVIRONMENT;
    return kindred_duplicate(descriptor);
}

METHOD(jint, duplicateTo)(STATIC_METHOD, jint from, jint to) {
    UNUSED_ENVIRONMENT;
    return kindred_duplicate_to(from, to);
}

METHOD(jint, statusFlags)(STATIC_METHOD, jint descriptor) {
    UNUSED_ENVIRONMENT;
    return kindred_status_flags(descriptor);
}

METHOD(jlong, read)(STATIC_METHOD, jint descriptor, jlong address, jlong length) {
    UNUSED_ENVIRONMENT;
    return kindred_read(descriptor, pointer(address), (size_t) length);
}

METHOD(jlong, write)(STATIC_METHOD, jint descriptor, jlong address, jlong length) {
    UNUSED_ENVIRONMENT;
    return kindred_write(descriptor, pointer(address), (size_t) length);
}

METHOD(jint, descriptorOf)(STATIC_METHOD, jobject descriptor) {
    (void) class;
    jint number = (*env)->GetIntField(env, descriptor, descriptor_field);
    return number < 0 ? -EBADF : number;
}

METHOD(void, setDescriptor)(STATIC_METHOD, jobject descriptor, jint number) {
    (void) class;
    (*env)->SetIntField(env, descriptor, descriptor_field, number);
}

/* Rare enough to look the field up each time; NoSuchFieldError is thrown where a JDK lacks it. */
METHOD(void, makeAccessible)(STATIC_METHOD, jobject object) {
    (void) class;
    jclass declaring = (*env)->FindClass(env, "java/lang/reflect/AccessibleObject");
    jfieldID field = declaring == NULL ? NULL : (*env)->GetFieldID(env, declaring, "override", "Z");
    if (field != NULL) {
        (*env)->SetBooleanField(env, object, field, JNI_TRUE);
    }
}

/* The array is what java.lang.management has, too; NULL if there are none. */
METHOD(jobjectArray, virtualMachineOptions)(STATIC_METHOD) {
    (void) class;
    jclass machine = (*env)->FindClass(env, "jdk/internal/misc/VM");
    jmethodID get = machine == NULL ? NULL : (*env)->GetStaticMethodID(env, machine, "getRuntimeArguments", "()[Ljava/lang/String;");
    return get == NULL ? NULL : (*env)->CallStaticObjectMethod(env, machine, get);
}

/* What java.lang.Runtime does for its own hooks. An exception, that of a JVM which is ending already included, is the caller's. */
METHOD(void, addShutdownHook)(STATIC_METHOD, jint place, jobject hook) {
    (void) class;
    jclass shutdown = (*env)->FindClass(env, "java/lang/Shutdown");
    jmethodID add = shutdown == NULL ? NULL : (*env)->GetStaticMethodID(env, shutdown, "add", "(IZLjava/lang/Runnable;)V");
    if (add != NULL) {
        (*env)->CallStaticVoidMethod(env, shutdown, add, place, JNI_TRUE, hook);
    }
}

/* What ValueLayout.varHandle() returns in the end. NULL with an exception where the JDK does it otherwise. */
METHOD(jobject, segmentHandle)(STATIC_METHOD, jclass carrier, jobject layout, jlong alignment_mask, jobject order) {
    (void) class;
    jclass handles = (*env)->FindClass(env, "java/lang/invoke/VarHandles");
    jmethodID make = handles == NULL ? NULL : (*env)->GetStaticMethodID(env, handles, "memorySegmentViewHandle",
        "(Ljava/lang/Class;Ljava/lang/foreign/MemoryLayout;JZJLjava/nio/ByteOrder;)Ljava/lang/invoke/VarHandle;");
    if (make == NULL) {
        return NULL;
    }
    return (*env)->CallStaticObjectMethod(env, handles, make, carrier, layout, alignment_mask, JNI_TRUE, INT64_C(0), order);
}

/* Where a type ends that begins there in a method's signature. */
static const char *end_of_type(const char *type) {
    while (*type == '[') {
        type++;
    }
    return *type == 'L' ? strchr(type, ';') + 1 : type + 1;
}

/* Takes each argument from the array that has its kind; the other holds nothing at its index. The signature's are as many as there are. */
static void get_arguments(JNIEnv *env, const char *signature, jlongArray numbers, jobjectArray objects, jvalue arguments[ARGUMENTS_LIMIT]) {
    int index = 0;
    for (const char *type = signature + 1; *type != ')'; type = end_of_type(type), index++) {
        if (*type == 'L' || *type == '[') {
            arguments[index].l = (*env)->GetObjectArrayElement(env, objects, index);
            continue;
        }
        jlong number;
        (*env)->GetLongArrayRegion(env, numbers, index, 1, &number);
        switch (*type) {
        case 'Z':
            arguments[index].z = number != 0;
            break;
        case 'B':
            arguments[index].b = (jbyte) number;
            break;
        case 'C':
            arguments[index].c = (jchar) number;
            break;
        case 'S':
            arguments[index].s = (jshort) number;
            break;
        case 'F': { /* its bits, as those of a double */
            jint bits = (jint) number;
            memcpy(&arguments[index].f, &bits, sizeof bits);
            break;
        }
        case 'D':
            memcpy(&arguments[index].d, &number, sizeof number);
            break;
        case 'I':
            arguments[index].i = (jint) number;
            break;
        default:
            arguments[index].j = number;
        }
    }
}

METHOD(jobject, construct)(STATIC_METHOD, jclass type, jstring signature, jlongArray numbers, jobjectArray objects) {
    (void) class;
    jsize count = (*env)->GetArrayLength(env, objects);
    if (count > ARGUMENTS_LIMIT || (*env)->PushLocalFrame(env, count + 1) < 0) {
        return NULL;
    }
    jobject object = NULL;
    const char *text = (*env)->GetStringUTFChars(env, signature, NULL);
    if (text != NULL) {
        jmethodID constructor = (*env)->GetMethodID(env, type, "<init>", text);
        if (constructor != NULL) {
            jvalue arguments[ARGUMENTS_LIMIT];
            get_arguments(env, text, numbers, objects, arguments);
            object = (*env)->NewObjectA(env, type, constructor, arguments);
        }
        (*env)->ReleaseStringUTFChars(env, signature, text);
    }
    return (*env)->PopLocalFrame(env, object);
}

METHOD(jobject, callForReplacement)(STATIC_METHOD, jobject object, jstring name) {
    (void) class;
    const char *text = (*env)->GetStringUTFChars(env, name, NULL);
    if (text == NULL) {
        return NULL;
    }
    jmethodID method = (*env)->GetMethodID(env, (*env)->GetObjectClass(env, object), text, "()Ljava/lang/Object;");
    (*env)->ReleaseStringUTFChars(env, name, text);
    return method == NULL ? NULL : (*env)->CallObjectMethod(env, object, method);
}

METHOD(jobject, deserializeLambda)(STATIC_METHOD, jclass capturing, jobject lambda) {
    (void) class;
    jmethodID method = (*env)->GetStaticMethodID(env, capturing, "$deserializeLambda$",
                                                 "(Ljava/lang/invoke/SerializedLambda;)Ljava/lang/Object;");
    return method == NULL ? NULL : (*env)->CallStaticObjectMethod(env, capturing, method, lambda);
}

METHOD(jobject, enumConstant)(STATIC_METHOD, jclass type, jstring name, jstring signature) {
    (void) class;
    jobject constant = NULL;
    const char *field_name = (*env)->GetStringUTFChars(env, name, NULL);
    const char *field_type = field_name == NULL ? NULL : (*env)->GetStringUTFChars(env, signature, NULL);
    if (field_type != NULL) {
        jfieldID field = (*env)->GetStaticFieldID(env, type, field_name, field_type);
        constant = field == NULL ? NULL : (*env)->GetStaticObjectField(env, type, field);
        (*env)->ReleaseStringUTFChars(env, signature, field_type);
    }
    if (field_name != NULL) {
        (*env)->ReleaseStringUTFChars(env, name, field_name);
    }
    return constant;
}

/* Semaphores */

METHOD(jlong, semaphoreOpen)(STATIC_METHOD, jbyteArray name, jint flags, jint mode, jint value) {
    (void) class;
    char text[KINDRED_TEXT_LIMIT];
    int failure = get_text(env, name, text);
    return failure < 0 ? failure : kindred_semaphore_open(text, flags, (unsigned int) mode, (unsigned int) value);
}

METHOD(jint, semaphoreInitialize)(STATIC_METHOD, jlong address, jint value) {
    UNUSED_ENVIRONMENT;
    return kindred_semaphore_initialize(pointer(address), (unsigned int) value);
}

METHOD(jint, semaphoreClose)(STATIC_METHOD, jlong address) {
    UNUSED_ENVIRONMENT;
    return kindred_semaphore_close(pointer(address));
}

METHOD(jint, semaphoreUnlink)(STATIC_METHOD, jbyteArray name) {
    (void) class;
    char text[KINDRED_TEXT_LIMIT];
    int failure = get_text(env, name, text);
    return failure < 0 ? failure : kindred_semaphore_unlink(text);
}

METHOD(jint, semaphorePost)(STATIC_METHOD, jlong address) {
    UNUSED_ENVIRONMENT;
    return kindred_semaphore_post(pointer(address));
}

/* Futexes */

METHOD(jint, futexWake)(STATIC_METHOD, jlong address, jint count, jboolean shared) {
    UNUSED_ENVIRONMENT;
    return kindred_futex_wake(pointer(address), count, shared);
}

METHOD(jint, futexWait)
(STATIC_METHOD, jlong object, jint object_value, jlong epoch, jint epoch_value, jlong interrupt, jint interrupt_value, jlong deadline) {
    UNUSED_ENVIRONMENT;
    return kindred_futex_wait(pointer(object), (uint32_t) object_value, pointer(epoch), (uint32_t) epoch_value, pointer(interrupt),
                              (uint32_t) interrupt_value, deadline);
}

METHOD(jint, futexWaitMany)(STATIC_METHOD, jlong vector, jint count, jlong deadline) {
    UNUSED_ENVIRONMENT;
    return kindred_futex_wait_many(pointer(vector), count, deadline);
}

/* Locks of open file descriptions */

METHOD(jint, lockByte)(STATIC_METHOD, jint descriptor, jlong offset) {
    UNUSED_ENVIRONMENT;
    return kindred_lock_byte(descriptor, offset);
}

METHOD(jint, unlockByte)(STATIC_METHOD, jint descriptor, jlong offset) {
    UNUSED_ENVIRONMENT;
    return kindred_unlock_byte(descriptor, offset);
}

METHOD(jint, isByteLocked)(STATIC_METHOD, jint descriptor, jlong offset) {
    UNUSED_ENVIRONMENT;
    return kindred_is_byte_locked(descriptor, offset);
}

/* Sockets and pipes */

METHOD(jint, pipe)(STATIC_METHOD, jint flags, jintArray result) {
    (void) class;
    int ends[2];
    int failure = kindred_pipe(flags, ends);
    if (failure == 0) {
        (*env)->SetIntArrayRegion(env, result, 0, 2, ends);
    }
    return failure;
}

METHOD(jint, socketPair)(STATIC_METHOD, jint type, jintArray result) {
    (void) class;
    int ends[2];
    int failure = kindred_socket_pair(type, ends);
    if (failure == 0) {
        (*env)->SetIntArrayRegion(env, result, 0, 2, ends);
    }
    return failure;
}

METHOD(jint, socket)(STATIC_METHOD, jint family, jint type) {
    UNUSED_ENVIRONMENT;
    return kindred_socket(family, type);
}

METHOD(jint, bindUnix)(STATIC_METHOD, jint socket, jbyteArray address) {
    (void) class;
    char bytes[KINDRED_TEXT_LIMIT];
    int length = get_bytes(env, address, bytes);
    return length < 0 ? length : kindred_bind_unix(socket, bytes, (size_t) length);
}

METHOD(jint, connectUnix)(STATIC_METHOD, jint socket, jbyteArray address) {
    (void) class;
    char bytes[KINDRED_TEXT_LIMIT];
    int length = get_bytes(env, address, bytes);
    return length < 0 ? length : kindred_connect_unix(socket, bytes, (size_t) length);
}

METHOD(jint, listen)(STATIC_METHOD, jint socket, jint backlog) {
    UNUSED_ENVIRONMENT;
    return kindred_listen(socket, backlog);
}

METHOD(jint, accept)(STATIC_METHOD, jint socket) {
    UNUSED_ENVIRONMENT;
    return kindred_accept(socket);
}

METHOD(jint, peerCredentials)(STATIC_METHOD, jint socket, jintArray result) {
    (void) class;
    struct kindred_credentials credentials;
    int failure = kindred_peer_credentials(socket, &credentials);
    if (failure == 0) {
        const jint values[] = {credentials.pid, credentials.uid, credentials.gid};
        (*env)->SetIntArrayRegion(env, result, 0, sizeof values / sizeof values[0], values);
    }
    return failure;
}

METHOD(jlong, send)(STATIC_METHOD, jint socket, jlong address, jlong length, jintArray descriptors, jint flags) {
    (void) class;
    int numbers[INTS_LIMIT];
    int count = get_ints(env, descriptors, numbers);
    return count < 0 ? count : kindred_send(socket, pointer(address), (size_t) length, numbers, (size_t) count, flags);
}

METHOD(jlong, receive)(STATIC_METHOD, jint socket, jlong address, jlong length, jintArray descriptors, jint flags) {
    (void) class;
    int numbers[KINDRED_DESCRIPTORS_PER_MESSAGE];
    jsize room = (*env)->GetArrayLength(env, descriptors);
    jsize count = room < KINDRED_DESCRIPTORS_PER_MESSAGE ? room : KINDRED_DESCRIPTORS_PER_MESSAGE;
    int64_t received = kindred_receive(socket, pointer(address), (size_t) length, numbers, (size_t) count, flags);
    if (received >= 0) {
        (*env)->SetIntArrayRegion(env, descriptors, 0, count, numbers);
    }
    return received;
}

METHOD(jlong, sendBytes)
(STATIC_METHOD, jint socket, jbyteArray array, jint from, jint length, jintArray descriptors, jint flags) {
    (void) class;
    int numbers[INTS_LIMIT];
    int count = get_ints(env, descriptors, numbers);
    if (count < 0) {
        return count;
    }
    jbyte bytes[BYTES_LIMIT];
    jsize size = length < BYTES_LIMIT ? length : BYTES_LIMIT;
    (*env)->GetByteArrayRegion(env, array, from, size, bytes);
    return kindred_send(socket, bytes, (size_t) size, numbers, (size_t) count, flags);
}

METHOD(jlong, receiveBytes)
(STATIC_METHOD, jint socket, jbyteArray array, jint from, jint length, jintArray descriptors, jint flags) {
    (void) class;
    int numbers[KINDRED_DESCRIPTORS_PER_MESSAGE];
    jsize room = (*env)->GetArrayLength(env, descriptors);
    jsize count = room < KINDRED_DESCRIPTORS_PER_MESSAGE ? room : KINDRED_DESCRIPTORS_PER_MESSAGE;
    jbyte bytes[BYTES_LIMIT];
    size_t size = (size_t) (length < BYTES_LIMIT ? length : BYTES_LIMIT);
    int64_t received = kindred_receive(socket, bytes, size, numbers, (size_t) count, flags);
    if (received >= 0) {
        (*env)->SetByteArrayRegion(env, array, from, (jsize) received, bytes);
        (*env)->SetIntArrayRegion(env, descriptors, 0, count, numbers);
    }
    return received;
}

METHOD(jlong, sendFrame)
(STATIC_METHOD, jint stream, jboolean is_socket, jbyteArray head, jint head_from, jbyteArray array, jint from, jint length, jintArray descriptors) {
    (void) class;
    int numbers[INTS_LIMIT];
    int count = get_ints(env, descriptors, numbers);
    if (count < 0) {
        return count;
    }
    jbyte first[HEAD_LIMIT];
    jsize head_length = (*env)->GetArrayLength(env, head) - head_from;
    if (head_length < 0 || head_length > HEAD_LIMIT) {
        return -EINVAL;
    }
    (*env)->GetByteArrayRegion(env, head, head_from, head_length, first);
    struct kindred_parts parts = {.head = first, .head_length = (size_t) head_length};
    if (length <= BYTES_LIMIT) {
        jbyte few[BYTES_LIMIT];
        (*env)->GetByteArrayRegion(env, array, from, length, few);
        parts.body = few;
        parts.body_length = (size_t) length;
        return kindred_send_parts(stream, is_socket, &parts, numbers, (size_t) count);
    }
    jbyte *bytes = (*env)->GetPrimitiveArrayCritical(env, array, NULL);
    if (bytes == NULL) {
        return -ENOMEM;
    }
    parts.body = bytes + from;
    parts.body_length = (size_t) (length < PINNED_LIMIT ? length : PINNED_LIMIT);
    int64_t sent = kindred_send_parts(stream, is_socket, &parts, numbers, (size_t) count);
    (*env)->ReleasePrimitiveArrayCritical(env, array, bytes, JNI_ABORT);
    return sent;
}

/* Gives the caller the number of descriptors that came, or why they were lost, and behind it the descriptors. */
static void return_descriptors(JNIEnv *env, jintArray result, int count, const int *numbers) {
    (*env)->SetIntArrayRegion(env, result, 0, 1, &count);
    if (count > 0) {
        (*env)->SetIntArrayRegion(env, result, 1, count, numbers);
    }
}

METHOD(jlong, receivePart)
(STATIC_METHOD, jint stream, jboolean is_socket, jbyteArray array, jint from, jint length, jintArray descriptors) {
    (void) class;
    int numbers[KINDRED_DESCRIPTORS_PER_MESSAGE];
    int count;
    int64_t received;
    if (length <= BYTES_LIMIT) {
        jbyte few[BYTES_LIMIT];
        received = kindred_receive_part(stream, is_socket, few, (size_t) length, numbers, &count);
        if (received > 0) {
            (*env)->SetByteArrayRegion(env, array, from, (jsize) received, few);
        }
    } else {
        jbyte *bytes = (*env)->GetPrimitiveArrayCritical(env, array, NULL);
        if (bytes == NULL) {
            return -ENOMEM;
        }
        size_t size = (size_t) (length < PINNED_LIMIT ? length : PINNED_LIMIT);
        received = kindred_receive_part(stream, is_socket, bytes + from, size, numbers, &count);
        (*env)->ReleasePrimitiveArrayCritical(env, array, bytes, 0);
    }
    if (is_socket) {
        return_descriptors(env, descriptors, count, numbers);
    }
    return received;
}

/* Reads an address of 4 or 16 bytes; its length is checked behind. */
static int get_inet(JNIEnv *env, jbyteArray array, jint port, jint scope, struct kindred_inet *result) {
    jsize length = (*env)->GetArrayLength(env, array);
    if (length > (jsize) sizeof result->address) {
        return -EINVAL;
    }
    *result = (struct kindred_inet) {.length = (uint32_t) length, .port = (uint32_t) port, .scope = (uint32_t) scope};
    (*env)->GetByteArrayRegion(env, array, 0, length, (jbyte *) result->address);
    return 0;
}

METHOD(jint, bindInet)(STATIC_METHOD, jint socket, jbyteArray bytes, jint port, jint scope) {
    (void) class;
    struct kindred_inet address;
    int failure = get_inet(env, bytes, port, scope, &address);
    return failure < 0 ? failure : kindred_bind_inet(socket, &address);
}

METHOD(jint, connectInet)(STATIC_METHOD, jint socket, jbyteArray bytes, jint port, jint scope) {
    (void) class;
    struct kindred_inet address;
    int failure = get_inet(env, bytes, port, scope, &address);
    return failure < 0 ? failure : kindred_connect_inet(socket, &address);
}

METHOD(jint, inetName)(STATIC_METHOD, jint socket, jboolean peer, jbyteArray bytes, jintArray port_and_scope) {
    (void) class;
    struct kindred_inet address;
    int failure = kindred_inet_name(socket, peer, &address);
    if (failure < 0) {
        return failure;
    }
    const jint numbers[] = {(jint) address.port, (jint) address.scope};
    (*env)->SetByteArrayRegion(env, bytes, 0, (jsize) address.length, (const jbyte *) address.address);
    (*env)->SetIntArrayRegion(env, port_and_scope, 0, 2, numbers);
    return (jint) address.length;
}

METHOD(jint, setOption)(STATIC_METHOD, jint socket, jint level, jint option, jint value) {
    UNUSED_ENVIRONMENT;
    return kindred_set_option(socket, level, option, value);
}

METHOD(jint, socketError)(STATIC_METHOD, jint socket) {
    UNUSED_ENVIRONMENT;
    return kindred_socket_error(socket);
}

METHOD(jint, changeMode)(STATIC_METHOD, jint descriptor, jint mode) {
    UNUSED_ENVIRONMENT;
    return kindred_change_mode(descriptor, mode);
}

/* Processes */

METHOD(jint, spawn)
(STATIC_METHOD, jlong arguments, jlong environment, jbyteArray folder, jintArray descriptors, jint death_signal, jintArray result) {
    (void) class;
    char text[KINDRED_TEXT_LIMIT];
    int failure = folder == NULL ? 0 : get_text(env, folder, text);
    if (failure < 0) {
        return failure;
    }
    int numbers[INTS_LIMIT];
    int count = get_ints(env, descriptors, numbers);
    if (count < 0) {
        return count;
    }
    const struct kindred_spawn_request request = {
        .arguments = pointer(arguments),
        .environment = pointer(environment),
        .folder = folder == NULL ? NULL : text,
        .descriptors = numbers,
        .descriptor_count = (size_t) count,
        .death_signal = death_signal,
    };
    struct kindred_process process;
    failure = kindred_spawn(&request, &process);
    if (failure == 0) {
        const jint values[] = {process.pid, process.pidfd};
        (*env)->SetIntArrayRegion(env, result, 0, sizeof values / sizeof values[0], values);
    }
    return failure;
}

METHOD(jint, pidfdOpen)(STATIC_METHOD, jint pid) {
    UNUSED_ENVIRONMENT;
    return kindred_pidfd_open(pid);
}

METHOD(jint, pidfdSendSignal)(STATIC_METHOD, jint pidfd, jint signal) {
    UNUSED_ENVIRONMENT;
    return kindred_pidfd_send_signal(pidfd, signal);
}

METHOD(jint, waitChild)(STATIC_METHOD, jint pidfd, jboolean hang) {
    UNUSED_ENVIRONMENT;
    return kindred_wait_child(pidfd, hang);
}

METHOD(jint, processId)(STATIC_METHOD) {
    UNUSED_ENVIRONMENT;
    return kindred_process_id();
}

METHOD(jint, parentId)(STATIC_METHOD) {
    UNUSED_ENVIRONMENT;
    return kindred_parent_id();
}

METHOD(jint, userId)(STATIC_METHOD) {
    UNUSED_ENVIRONMENT;
    return kindred_user_id();
}

METHOD(jint, threadId)(STATIC_METHOD) {
    UNUSED_ENVIRONMENT;
    return kindred_thread_id();
}

METHOD(jint, raise)(STATIC_METHOD, jint signal) {
    UNUSED_ENVIRONMENT;
    return kindred_raise(signal);
}

METHOD(jint, setDeathSignal)(STATIC_METHOD, jint signal) {
    UNUSED_ENVIRONMENT;
    return kindred_set_death_signal(signal);
}

METHOD(jint, setAffinity)(STATIC_METHOD, jint thread, jlong mask, jlong length) {
    UNUSED_ENVIRONMENT;
    return kindred_set_affinity(thread, pointer(mask), (size_t) length);
}

METHOD(jint, getAffinity)(STATIC_METHOD, jint thread, jlong mask, jlong length) {
    UNUSED_ENVIRONMENT;
    return kindred_get_affinity(thread, pointer(mask), (size_t) length);
}

METHOD(jint, processors)(STATIC_METHOD) {
    UNUSED_ENVIRONMENT;
    return kindred_processors();
}

METHOD(void, exitNow)(STATIC_METHOD, jint code) {
    UNUSED_ENVIRONMENT;
    kindred_exit_now(code);
}

/* Ends of processes */

METHOD(jint, hasEnded)(STATIC_METHOD, jint pid) {
    UNUSED_ENVIRONMENT;
    return kindred_has_ended(pid);
}

METHOD(jint, markAtThreadEnd)(STATIC_METHOD, jlong word, jlong memory) {
    UNUSED_ENVIRONMENT;
    return kindred_mark_at_thread_end(pointer(word), pointer(memory));
}

/* Polling */

METHOD(jint, epollCreate)(STATIC_METHOD) {
    UNUSED_ENVIRONMENT;
    return kindred_epoll_create();
}

METHOD(jint, epollControl)(STATIC_METHOD, jint epoll, jint operation, jint descriptor, jint events, jlong data) {
    UNUSED_ENVIRONMENT;
    return kindred_epoll_control(epoll, operation, descriptor, (uint32_t) events, data);
}

METHOD(jint, epollWait)(STATIC_METHOD, jint epoll, jlongArray events, jint milliseconds) {
    (void) class;
    struct kindred_event found[KINDRED_EVENTS_MAX];
    jsize room = (*env)->GetArrayLength(env, events) / 2;
    int count = kindred_epoll_wait(epoll, found, room < KINDRED_EVENTS_MAX ? room : KINDRED_EVENTS_MAX, milliseconds);
    for (int i = 0; i < count; i++) {
        const jlong event[] = {found[i].events, found[i].data};
        (*env)->SetLongArrayRegion(env, events, 2 * i, 2, event);
    }
    return count;
}

METHOD(jint, eventCreate)(STATIC_METHOD) {
    UNUSED_ENVIRONMENT;
    return kindred_event_create();
}

METHOD(jint, eventSignal)(STATIC_METHOD, jint descriptor) {
    UNUSED_ENVIRONMENT;
    return kindred_event_signal(descriptor);
}

METHOD(jint, eventClear)(STATIC_METHOD, jint descriptor) {
    UNUSED_ENVIRONMENT;
    return kindred_event_clear(descriptor);
}

METHOD(jint, poll)(STATIC_METHOD, jint descriptor, jint events, jlong deadline) {
    UNUSED_ENVIRONMENT;
    return kindred_poll(descriptor, events, deadline);
}

METHOD(jint, pollMany)(STATIC_METHOD, jlong items, jint count, jlong deadline) {
    UNUSED_ENVIRONMENT;
    return kindred_poll_many(pointer(items), (size_t) count, deadline);
}

/* The platform */

METHOD(jint, errnoName)(STATIC_METHOD, jint number, jbyteArray result) {
    (void) class;
    char answer[ANSWER_LIMIT];
    int failure = kindred_errno_name(number, answer, sizeof answer);
    set_text(env, result, answer);
    return failure;
}

METHOD(jlong, constant)(STATIC_METHOD, jbyteArray name) {
    (void) class;
    char text[KINDRED_TEXT_LIMIT];
    int failure = get_text(env, name, text);
    return failure < 0 ? failure : kindred_constant(text);
}

METHOD(jint, errnoText)(STATIC_METHOD, jint number, jbyteArray result) {
    (void) class;
    char answer[ANSWER_LIMIT];
    int failure = kindred_errno_text(number, answer, sizeof answer);
    set_text(env, result, answer);
    return failure;
}

JNIEXPORT jint JNICALL Java_dev_kindred_internal_os_NativeLibrary_checkFloor(STATIC_METHOD, jbyteArray call, jbyteArray error) {
    (void) class;
    const char *missing;
    int failure = kindred_check_floor(&missing);
    char name[ANSWER_LIMIT];
    kindred_errno_name(-failure, name, sizeof name);
    set_text(env, call, missing);
    set_text(env, error, name);
    return failure;
}
