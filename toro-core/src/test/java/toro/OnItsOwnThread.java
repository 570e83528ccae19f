package toro;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * A test of what only a loop has that the test's own thread drives: it is started and stopped, it
 * stands still between two runs and so does its clock, and its thread reads what it likes then.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@DisabledIfSystemProperty(named = "toro.test.host", matches = "executor")
@interface OnItsOwnThread {}
