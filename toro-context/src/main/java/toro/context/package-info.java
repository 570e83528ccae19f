/**
 * What logging and tracing libraries keep in thread-locals follows a coroutine: start at {@link
 * toro.context.ContextPropagation}.
 */
@NullMarked
package toro.context;

import org.jspecify.annotations.NullMarked;
