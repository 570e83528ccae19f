package toro.testing;

import static java.util.Spliterator.ORDERED;

import java.lang.reflect.Method;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;
import toro.IOLoop;

/** What JUnit does with a {@link ToroTest}. */
final class ToroExtension implements TestTemplateInvocationContextProvider {

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return true; // it is registered by the annotation alone
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    ToroTest test =
        AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), ToroTest.class)
            .orElseThrow();
    Exploration exploration =
        test.replay().isEmpty()
            ? Exploration.schedules(test.schedules())
            : Exploration.replay(test.replay());
    if (test.interruptions() && test.replay().isEmpty()) {
      exploration.interruptions();
    }
    // One by one: what comes next depends on how the last one went.
    Iterator<TestTemplateInvocationContext> runs =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return exploration.hasNext();
          }

          @Override
          public TestTemplateInvocationContext next() {
            TestLoop loop = exploration.next();
            loop.allow(test.allow());
            return new Run(exploration, loop);
          }
        };
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(runs, ORDERED), false);
  }

  private record Run(Exploration exploration, TestLoop loop)
      implements TestTemplateInvocationContext, ParameterResolver, InvocationInterceptor {

    @Override
    public String getDisplayName(int index) {
      return loop.scenario().toString();
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(this);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      Class<?> type = parameter.getParameter().getType();
      return type == TestLoop.class || type == IOLoop.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == TestLoop.class ? loop : loop.loop();
    }

    @Override
    public void interceptTestTemplateMethod(
        Invocation<Void> invocation,
        ReflectiveInvocationContext<Method> method,
        ExtensionContext context) {
      exploration.play(loop, () -> proceed(invocation));
    }

    private static void proceed(Invocation<Void> invocation) throws Exception {
      try {
        invocation.proceed();
      } catch (Exception | Error failure) {
        throw failure;
      } catch (Throwable failure) {
        throw new AssertionError(failure); // neither: nobody throws such a thing
      }
    }
  }
}
