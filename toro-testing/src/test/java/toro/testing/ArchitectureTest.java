package toro.testing;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses KIT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("toro.testing");

  @Test
  void onlyWhatIsForJUnitOrAssertJNeedsThem() {
    noClasses()
        .that()
        .haveSimpleNameNotContaining("Toro")
        .and()
        .doNotHaveSimpleName("WaitAssert")
        .and()
        .haveNameNotMatching(".*ToroExtension.*")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.junit..", "org.assertj..")
        .orShould()
        .dependOnClassesThat()
        .haveSimpleNameStartingWith("Toro")
        .check(KIT);
  }

  @Test
  void publicClassesAreFinal() {
    classes().that().arePublic().and().areNotInterfaces().should().haveModifier(FINAL).check(KIT);
  }
}
