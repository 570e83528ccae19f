/** What tests of coroutines need: virtual time, chosen schedules, and what is left at the end. */
module toro.testing {
  requires static org.jspecify;
  requires transitive toro;
  requires static org.assertj.core;
  requires static org.junit.jupiter.api;
  requires java.management;

  exports toro.testing;

  opens toro.testing to
      org.junit.platform.commons;
}
