// Copyright 2026 the Kindred authors
// SPDX-License-Identifier: Apache-2.0
package dev.kindred.internal.explorer;

import java.lang.classfile.Attributes;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.NopInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out what the slots of a method's frame hold at each call: forwards what has been put there, as the verifier of class files does,
 * and backwards what will still be read.
 */
final class CodeShapes {

    private final MethodModel method;
    private final CodeAttribute code;

    /** The instructions, where each begins, and which begins where. */
    private final List<Instruction> instructions = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private final Map<Integer, Integer> indexes = new HashMap<>();

    /** What the verifier is told of the frame, by the place in the code. */
    private final Map<Integer, StackMapFrameInfo> told = new HashMap<>();

    private final char[] locals;
    private final StringBuilder operands = new StringBuilder();

    CodeShapes(MethodModel method, CodeAttribute code) {
        this.method = method;
        this.code = code;
        this.locals = new char[code.maxLocals()];
        int at = 0;
        for (CodeElement element : code) {
            if (element instanceof Instruction instruction) {
                indexes.put(at, instructions.size());
                instructions.add(instruction);
                starts.add(at);
                at += instruction.sizeInBytes();
            }
        }
        indexes.put(at, instructions.size());
        code.findAttribute(Attributes.stackMapTable())
                .ifPresent(table -> table.entries().forEach(frame -> told.put(code.labelToBci(frame.target()), frame)));
    }

    /** {@return what the slots hold at each call, by the call's place in the code} */
    Map<Integer, FrameShapes.Shape> atCalls() {
        BitSet[] live = liveAfter();
        Map<Integer, FrameShapes.Shape> shapes = new HashMap<>();
        enter();
        for (int i = 0; i < instructions.size(); i++) {
            StackMapFrameInfo frame = told.get(starts.get(i));
            if (frame != null) {
                set(frame);
            }
            Instruction instruction = instructions.get(i);
            if (instruction instanceof InvokeInstruction || instruction instanceof InvokeDynamicInstruction) {
                popArguments(instruction);
                shapes.put(starts.get(i), new FrameShapes.Shape(liveLocals(live[i]), operands.toString().toCharArray()));
                push(TypeKind.from(type(instruction).returnType()));
            } else {
                step(instruction);
            }
        }
        return shapes;
    }

    private char[] liveLocals(BitSet live) {
        char[] kinds = locals.clone();
        for (int slot = 0; slot < kinds.length; slot++) {
            boolean isWide = kinds[slot] == Kinds.LONG || kinds[slot] == Kinds.DOUBLE;
            // Instructions name a long by its first slot.
            if (!live.get(isWide ? slot - 1 : slot)) {
                kinds[slot] = Kinds.NOTHING;
            }
        }
        return kinds;
    }

    // Forwards

    private void enter() {
        Arrays.fill(locals, Kinds.NOTHING);
        int slot = 0;
        if (!method.flags().has(AccessFlag.STATIC)) {
            locals[slot++] = Kinds.REFERENCE;
        }
        for (ClassDesc parameter : method.methodTypeSymbol().parameterList()) {
            slot = setLocal(slot, Kinds.of(TypeKind.from(parameter)));
        }
    }

    private void set(StackMapFrameInfo frame) {
        Arrays.fill(locals, Kinds.NOTHING);
        int slot = 0;
        for (VerificationTypeInfo type : frame.locals()) {
            slot = setLocal(slot, Kinds.of(type));
        }
        operands.setLength(0);
        frame.stack().forEach(type -> operands.append(Kinds.of(type)));
    }

    private int setLocal(int slot, String kinds) {
        for (int i = 0; i < kinds.length(); i++) {
            locals[slot + i] = kinds.charAt(i);
        }
        return slot + kinds.length();
    }

    private void push(TypeKind type) {
        operands.append(Kinds.of(type));
    }

    private void pop(int slots) {
        operands.setLength(operands.length() - slots);
    }

    private void pop(TypeKind type) {
        pop(type.slotSize());
    }

    private static MethodTypeDesc type(Instruction instruction) {
        return instruction instanceof InvokeInstruction invoke
                ? invoke.typeSymbol()
                : ((InvokeDynamicInstruction) instruction).typeSymbol();
    }

    private void popArguments(Instruction call) {
        type(call).parameterList().forEach(parameter -> pop(TypeKind.from(parameter)));
        if (call instanceof InvokeInstruction && call.opcode() != Opcode.INVOKESTATIC) {
            pop(TypeKind.REFERENCE);
        }
    }

    /** Does to the kinds what an instruction that is no call does to the values. */
    private void step(Instruction instruction) {
        switch (instruction) {
            case LoadInstruction load -> push(load.typeKind());
            case StoreInstruction store -> {
                pop(store.typeKind());
                setLocal(store.slot(), Kinds.of(store.typeKind()));
            }
            case ConstantInstruction constant -> push(constant.typeKind());
            case ArrayLoadInstruction load -> popThenPush(2, load.typeKind());
            case ArrayStoreInstruction store -> pop(2 + store.typeKind().slotSize());
            case FieldInstruction field -> access(field);
            case NewObjectInstruction _ -> push(TypeKind.REFERENCE);
            case NewPrimitiveArrayInstruction _ -> popThenPush(1, TypeKind.REFERENCE);
            case NewReferenceArrayInstruction _ -> popThenPush(1, TypeKind.REFERENCE);
            case NewMultiArrayInstruction array -> popThenPush(array.dimensions(), TypeKind.REFERENCE);
            case OperatorInstruction operator -> operate(operator);
            case ConvertInstruction convert -> popThenPush(convert.fromType().slotSize(), convert.toType());
            case TypeCheckInstruction check -> popThenPush(1, check.opcode() == Opcode.INSTANCEOF ? TypeKind.INT : TypeKind.REFERENCE);
            case BranchInstruction branch -> pop(operandsOf(branch));
            case StackInstruction stack -> rearrange(stack.opcode());
            case MonitorInstruction _ -> pop(1);
            case LookupSwitchInstruction _ -> pop(1);
            case TableSwitchInstruction _ -> pop(1);
            case IncrementInstruction _ -> { }
            case NopInstruction _ -> { }
            // What follows these is told.
            case ReturnInstruction _ -> operands.setLength(0);
            case ThrowInstruction _ -> operands.setLength(0);
            default -> throw new ExplorerError("an instruction that compilers no longer use: " + instruction);
        }
    }

    private void popThenPush(int slots, TypeKind type) {
        pop(slots);
        push(type);
    }

    private void access(FieldInstruction field) {
        TypeKind type = TypeKind.from(field.typeSymbol());
        switch (field.opcode()) {
            case GETFIELD -> popThenPush(1, type);
            case GETSTATIC -> push(type);
            case PUTFIELD -> pop(1 + type.slotSize());
            default -> pop(type);
        }
    }

    private void operate(OperatorInstruction operator) {
        TypeKind type = operator.typeKind();
        switch (operator.opcode()) {
            case ARRAYLENGTH -> popThenPush(1, TypeKind.INT);
            case INEG, LNEG, FNEG, DNEG -> { }
            case ISHL, ISHR, IUSHR, LSHL, LSHR, LUSHR -> pop(1);
            case LCMP, FCMPL, FCMPG, DCMPL, DCMPG -> popThenPush(2 * type.slotSize(), TypeKind.INT);
            default -> popThenPush(2 * type.slotSize(), type);
        }
    }

    private static int operandsOf(BranchInstruction branch) {
        return switch (branch.opcode()) {
            case GOTO, GOTO_W -> 0;
            case IFEQ, IFNE, IFLT, IFGE, IFGT, IFLE, IFNULL, IFNONNULL -> 1;
            default -> 2;
        };
    }

    private void rearrange(Opcode opcode) {
        switch (opcode) {
            case POP -> pop(1);
            case POP2 -> pop(2);
            case DUP -> duplicate(1, 0);
            case DUP_X1 -> duplicate(1, 1);
            case DUP_X2 -> duplicate(1, 2);
            case DUP2 -> duplicate(2, 0);
            case DUP2_X1 -> duplicate(2, 1);
            case DUP2_X2 -> duplicate(2, 2);
            default -> {
                int top = operands.length();
                operands.append(operands.charAt(top - 2)).delete(top - 2, top - 1);
            }
        }
    }

    /** Puts the uppermost slots once more on the stack, below so many others. */
    private void duplicate(int slots, int below) {
        int top = operands.length();
        operands.insert(top - slots - below, operands.substring(top - slots, top));
    }

    // Backwards

    /** {@return for each instruction, the slots that are read after it, however it ends, before they are written} */
    private BitSet[] liveAfter() {
        int count = instructions.size();
        BitSet[] after = new BitSet[count];
        BitSet[] before = new BitSet[count + 1];
        Arrays.setAll(after, _ -> new BitSet());
        Arrays.setAll(before, _ -> new BitSet());
        int[][] followers = followers();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = count - 1; i >= 0; i--) {
                for (int follower : followers[i]) {
                    after[i].or(before[follower]);
                }
                BitSet live = (BitSet) after[i].clone();
                transfer(instructions.get(i), live);
                changed |= !live.equals(before[i]);
                before[i] = live;
            }
        }
        return after;
    }

    private static void transfer(Instruction instruction, BitSet live) {
        switch (instruction) {
            // It cannot throw, so nothing behind a handler needs the old value.
            case StoreInstruction store -> live.clear(store.slot());
            case LoadInstruction load -> live.set(load.slot());
            case IncrementInstruction increment -> live.set(increment.slot());
            default -> { }
        }
    }

    /** {@return for each instruction, those that can come next} */
    private int[][] followers() {
        int[][] followers = new int[instructions.size()][];
        for (int i = 0; i < followers.length; i++) {
            List<Integer> next = new ArrayList<>();
            addTargets(instructions.get(i), next);
            if (!endsHere(instructions.get(i))) {
                next.add(i + 1);
            }
            for (ExceptionCatch handler : code.exceptionHandlers()) {
                if (i >= index(handler.tryStart()) && i < index(handler.tryEnd())) {
                    next.add(index(handler.handler()));
                }
            }
            followers[i] = next.stream().mapToInt(Integer::intValue).toArray();
        }
        return followers;
    }

    private void addTargets(Instruction instruction, List<Integer> targets) {
        switch (instruction) {
            case BranchInstruction branch -> targets.add(index(branch.target()));
            case LookupSwitchInstruction lookup -> addTargets(lookup.defaultTarget(), lookup.cases(), targets);
            case TableSwitchInstruction table -> addTargets(table.defaultTarget(), table.cases(), targets);
            default -> { }
        }
    }

    private void addTargets(Label otherwise, List<SwitchCase> cases, List<Integer> targets) {
        targets.add(index(otherwise));
        cases.forEach(one -> targets.add(index(one.target())));
    }

    private static boolean endsHere(Instruction instruction) {
        return switch (instruction.opcode()) {
            case GOTO, GOTO_W, TABLESWITCH, LOOKUPSWITCH, ATHROW, IRETURN, LRETURN, FRETURN, DRETURN, ARETURN, RETURN -> true;
            default -> false;
        };
    }

    private int index(Label label) {
        return indexes.get(code.labelToBci(label));
    }
}
