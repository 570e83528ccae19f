package toro.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.function.Function;

/**
 * Makes bytes of a value and a value of bytes. All nodes must have the same for what has one name.
 * It is called on the loop. If it throws, what was asked for fails with that: an item is not put
 * then, or goes back as after {@link Delivery#close()}.
 *
 * @param <T> the type of the values
 */
public final class Codec<T> {
  private static final Codec<String> STRING =
      of(text -> text.getBytes(UTF_8), bytes -> new String(bytes, UTF_8));
  private static final Codec<byte[]> BYTES = of(bytes -> bytes, bytes -> bytes);

  private final Function<? super T, byte[]> encode;
  private final Function<byte[], ? extends T> decode;

  private Codec(Function<? super T, byte[]> encode, Function<byte[], ? extends T> decode) {
    this.encode = encode;
    this.decode = decode;
  }

  /**
   * Returns the codec of strings, in UTF-8.
   *
   * @return the codec
   */
  public static Codec<String> string() {
    return STRING;
  }

  /**
   * Returns the codec that leaves bytes as they are.
   *
   * @return the codec
   */
  public static Codec<byte[]> bytes() {
    return BYTES;
  }

  /**
   * Creates a codec.
   *
   * @param encode makes bytes of a value
   * @param decode makes the value of the bytes
   * @param <T> the type of the values
   * @return the codec
   */
  public static <T> Codec<T> of(
      Function<? super T, byte[]> encode, Function<byte[], ? extends T> decode) {
    return new Codec<>(requireNonNull(encode, "encode"), requireNonNull(decode, "decode"));
  }

  byte[] encode(T value) {
    return requireNonNull(
        encode.apply(requireNonNull(value, "value")), "the codec has made null of the value");
  }

  T decode(byte[] bytes) {
    return requireNonNull(decode.apply(bytes), "the codec has made null of the bytes");
  }
}
