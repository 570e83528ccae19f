package toro;

import java.io.IOException;
import java.io.InputStream;
import java.lang.StackWalker.StackFrame;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a {@code try (var group = new TaskGroup())} block is being left because it has
 * thrown an exception, of which Java does not tell {@code close()}.
 *
 * <p>The compiler makes two calls of {@code close()} from such a block, one for each way to leave
 * it. The one for an exception can be told by what any compiler has to do: from the place where the
 * group is made no path leads to it but through an exception handler, and from it every path
 * throws. So it is looked up in the class file which of the calls is under way.
 *
 * <p>It says no where it cannot tell: where the class file is not there, where a method closes a
 * group that it has not made, or where a line has both calls and an agent has changed the code.
 */
final class Unwinding {
  private static final String GROUP = TaskGroup.class.getName().replace('.', '/');
  private static final StackWalker WALKER =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private final List<Instruction> code = new ArrayList<>();
  private final List<Integer> places = new ArrayList<>(); // of each of them, in bytes
  private final List<Integer> lines = new ArrayList<>(); // of each of them; -1: none is known
  private final Map<Label, Integer> targets = new HashMap<>(); // the index of what is next

  private Unwinding(CodeModel method) {
    int place = 0;
    int line = -1;
    for (CodeElement element : method) {
      switch (element) {
        case Instruction instruction -> {
          code.add(instruction);
          places.add(place);
          lines.add(line);
          place += instruction.sizeInBytes();
        }
        case LabelTarget target -> targets.put(target.label(), code.size());
        case LineNumber number -> line = number.line();
        default -> {}
      }
    }
  }

  /** Does the innermost method that is none of {@link TaskGroup} close a group in this way? */
  static boolean isUnderWay() {
    Optional<StackFrame> caller =
        WALKER.walk(
            frames -> frames.dropWhile(frame -> isOurs(frame.getDeclaringClass())).findFirst());
    try {
      return caller.isPresent() && isUnderWay(caller.get());
    } catch (IOException | RuntimeException unreadable) {
      return false;
    }
  }

  private static boolean isOurs(Class<?> type) {
    return type == TaskGroup.class || type == Unwinding.class;
  }

  private static boolean isUnderWay(StackFrame frame) throws IOException {
    Class<?> type = frame.getDeclaringClass();
    String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
    try (InputStream bytes = type.getResourceAsStream(file)) {
      if (bytes == null) {
        return false;
      }
      ClassModel model = ClassFile.of().parse(bytes.readAllBytes());
      for (MethodModel method : model.methods()) {
        if (method.methodName().equalsString(frame.getMethodName())
            && method.methodType().equalsString(frame.getDescriptor())
            && method.code().isPresent()) {
          return new Unwinding(method.code().get()).isUnderWayAt(frame);
        }
      }
    }
    return false;
  }

  private boolean isUnderWayAt(StackFrame frame) {
    BitSet normal = new BitSet();
    List<Integer> calls = new ArrayList<>();
    for (int i = 0; i < code.size(); i++) {
      if (isCall(i, "<init>")) {
        normal.or(reachableAfter(i));
      } else if (isCall(i, "close")) {
        calls.add(i);
      }
    }
    calls.removeIf(i -> lines.get(i) >= 0 && lines.get(i) != frame.getLineNumber());
    List<Integer> exact =
        calls.stream().filter(i -> places.get(i) == frame.getByteCodeIndex()).toList();
    List<Integer> meant = calls.size() > 1 && !exact.isEmpty() ? exact : calls;
    return !meant.isEmpty()
        && !normal.isEmpty()
        && meant.stream().allMatch(i -> !normal.get(i) && throwsAfter(i));
  }

  private boolean isCall(int index, String name) {
    return code.get(index) instanceof InvokeInstruction call
        && call.owner().name().equalsString(GROUP)
        && call.name().equalsString(name);
  }

  /** Does each path from here throw? */
  private boolean throwsAfter(int index) {
    BitSet after = reachableAfter(index);
    return after.stream().anyMatch(i -> code.get(i) instanceof ThrowInstruction)
        && after.stream().noneMatch(i -> code.get(i) instanceof ReturnInstruction);
  }

  /** What can be reached from behind an instruction without an exception. */
  private BitSet reachableAfter(int index) {
    BitSet reached = new BitSet();
    ArrayDeque<Integer> open = new ArrayDeque<>(List.of(index + 1));
    for (Integer next; (next = open.poll()) != null; ) {
      if (next < code.size() && !reached.get(next)) {
        reached.set(next);
        addNext(next, open);
      }
    }
    return reached;
  }

  private void addNext(int index, ArrayDeque<Integer> open) {
    boolean goesOn = false;
    switch (code.get(index)) {
      case ReturnInstruction end -> {}
      case ThrowInstruction end -> {}
      case BranchInstruction branch -> {
        open.add(target(branch.target()));
        goesOn = branch.opcode() != Opcode.GOTO && branch.opcode() != Opcode.GOTO_W;
      }
      case TableSwitchInstruction all -> {
        open.add(target(all.defaultTarget()));
        all.cases().forEach(one -> open.add(target(one.target())));
      }
      case LookupSwitchInstruction all -> {
        open.add(target(all.defaultTarget()));
        all.cases().forEach(one -> open.add(target(one.target())));
      }
      default -> goesOn = true;
    }
    if (goesOn) {
      open.add(index + 1);
    }
  }

  private int target(Label label) {
    @Nullable Integer index = targets.get(label);
    return index == null ? code.size() : index;
  }
}
