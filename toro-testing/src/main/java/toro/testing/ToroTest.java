package toro.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test of JUnit that is a coroutine on a {@link TestLoop}. The method, as well as a constructor
 * and the methods before and after each test, may have parameters of the types {@link TestLoop} and
 * {@link toro.IOLoop}.
 *
 * {@snippet file="toro/testing/SnippetsTest.java" region="junit"}
 *
 * <p>Each run has a new instance of the class, as is usual with JUnit. After one that fails no
 * others follow.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(ToroExtension.class)
public @interface ToroTest {
  /**
   * In how many orders what is ready is run: {@link Exploration#schedules}.
   *
   * @return at least one; one is first in, first out
   */
  int schedules() default 1;

  /**
   * Is there also a run for each step at which it can be interrupted: {@link
   * Exploration#interruptions}?
   *
   * @return by default not
   */
  boolean interruptions() default false;

  /**
   * The one run to repeat: {@link Exploration#replay}. It takes the place of all others.
   *
   * @return the text that its failure has printed; by default none
   */
  String replay() default "";

  /**
   * What the test may leave behind: {@link TestLoop#allow}.
   *
   * @return by default nothing
   */
  Leak[] allow() default {};
}
