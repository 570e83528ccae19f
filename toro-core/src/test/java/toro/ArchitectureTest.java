package toro;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The layers of the core, and what is true of all its types. */
class ArchitectureTest {
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("toro");

  private static final Set<String> PRIMITIVES =
      Set.of(
          "AsyncResult",
          "Backlog",
          "Barrier",
          "BoundedSemaphore",
          "Broadcast",
          "Bucket",
          "Condition",
          "Event",
          "KeyedLock",
          "KeyedRWLock",
          "Keys",
          "LifoQueue",
          "Lock",
          "Permits",
          "PriorityQueue",
          "Queue",
          "RateLimiter",
          "RWLock",
          "Semaphore",
          "Subscription",
          "Watch");

  private static final Set<String> ENGINES = Set.of("Engine", "VirtualThreadEngine");

  /** A type, or one inside it, of those names. */
  private static DescribedPredicate<JavaClass> oneOf(String what, Set<String> names) {
    return DescribedPredicate.describe(
        what,
        type ->
            type.getPackageName().equals("toro")
                && names.contains(type.getName().substring("toro.".length()).split("\\$")[0]));
  }

  private static final DescribedPredicate<JavaClass> PRIMITIVE = oneOf("a primitive", PRIMITIVES);
  private static final DescribedPredicate<JavaClass> ENGINE = oneOf("an engine", ENGINES);
  private static final DescribedPredicate<JavaClass> FIBER =
      oneOf(
          "a fiber",
          Set.of(
              "Fiber",
              "Fibers",
              "Scope",
              "TimeScope",
              "TaskGroup",
              "All",
              "Race",
              "AsCompleted",
              "Select"));

  @Test
  void theNamesOfTheLayersAreThoseOfTypes() {
    for (String name : PRIMITIVES) {
      assertThat(CORE.contain("toro." + name)).as(name).isTrue();
    }
    for (String name : ENGINES) {
      assertThat(CORE.contain("toro." + name)).as(name).isTrue();
    }
  }

  @Test
  void aPrimitiveKnowsNoEngine() {
    noClasses().that(PRIMITIVE).should().dependOnClassesThat(ENGINE.or(FIBER)).check(CORE);
  }

  @Test
  void anEngineKnowsNoPrimitive() {
    noClasses().that(ENGINE.or(FIBER)).should().dependOnClassesThat(PRIMITIVE).check(CORE);
  }

  @Test
  void aListOfWaitersKnowsNeither() {
    noClasses()
        .that(oneOf("a wait", Set.of("WaitList", "WaitLists", "Waiter")))
        .should()
        .dependOnClassesThat(PRIMITIVE.or(ENGINE))
        .check(CORE);
  }

  @Test
  void theCoreDependsOnTheJdkAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "toro",
            "toro.spi",
            "java.lang..",
            "java.util",
            "java.util.concurrent..",
            "java.util.function..",
            "java.util.stream..",
            "java.time..",
            "java.io..",
            "org.jspecify..")
        .check(CORE);
    Module toro = IOLoop.class.getModule();
    assertThat(toro.isNamed() ? toro.getDescriptor().requires().size() : 1).isLessThan(3);
  }

  @Test
  void publicClassesAreFinalOrSealed() {
    classes()
        .that()
        .arePublic()
        .and()
        .areNotInterfaces()
        .should()
        .haveModifier(FINAL)
        .orShould(
            com.tngtech.archunit.lang.conditions.ArchConditions.be(
                DescribedPredicate.describe("sealed", type -> type.reflect().isSealed())))
        .check(CORE);
  }

  @Test
  void thePackageIsNullMarked() {
    // Its retention is the run time: the module would say so as well.
    assertThat(IOLoop.class.getPackage().getAnnotations())
        .anyMatch(a -> a.annotationType().getName().equals("org.jspecify.annotations.NullMarked"));
  }

  /** Javadoc's own check says more, but only when the jar is made. */
  @Test
  void everyPublicTypeIsDocumented() throws IOException {
    Pattern declaration =
        Pattern.compile(
            "(?m)^public (?:(?:final|sealed|non-sealed|abstract) )*(?:class|interface|record|enum) ");
    Pattern documented =
        Pattern.compile(
            "(?s)\\*/\\s*(?:@[^\\n]*\\n)*public (?:(?:final|sealed|non-sealed|abstract) )*(?:class|interface|record|enum) ");
    List<Path> undocumented = new ArrayList<>();
    int types = 0;
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/toro"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String source = Files.readString(file);
        if (declaration.matcher(source).find()) {
          types++;
          if (!documented.matcher(source).find()) {
            undocumented.add(file);
          }
        }
      }
    }
    assertThat(types).isGreaterThan(20);
    assertThat(undocumented).isEmpty();
  }
}
