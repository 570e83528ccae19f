package toro.check;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.brotli.dec.BrotliInputStream;

/** Undoes content encodings, several one after the other if need be. */
final class Encodings {
  /** What is asked for: of all that can be decoded, what every server knows. */
  static final String ACCEPTED = "gzip";

  private Encodings() {}

  /**
   * Decodes a body.
   *
   * @param headers the values of {@code Content-Encoding}
   * @throws UnreadableException if it is encoded in an unknown way, or too large
   * @throws FetchException if it is not encoded as the headers say
   */
  static byte[] decode(byte[] body, List<String> headers) throws FetchException {
    var encodings =
        headers.stream()
            .flatMap(header -> Stream.of(header.split(",")))
            .map(name -> name.strip().toLowerCase(Locale.ROOT))
            .filter(name -> !name.isEmpty() && !name.equals("identity"))
            .toList();
    for (var encoding : encodings.reversed()) { // the last one was applied last
      body = decode(body, encoding);
    }
    return body;
  }

  private static byte[] decode(byte[] body, String encoding) throws FetchException {
    try (var stream = stream(body, encoding)) {
      var decoded = stream.readNBytes(Reply.LIMIT + 1);
      if (decoded.length > Reply.LIMIT) {
        throw new UnreadableException(Reply.TOO_LARGE);
      }
      return decoded;
    } catch (FetchException e) {
      throw e;
    } catch (IOException e) {
      throw new FetchException("not encoded as " + encoding + ", as its header says");
    }
  }

  private static InputStream stream(byte[] body, String encoding) throws IOException {
    var in = new ByteArrayInputStream(body);
    return switch (encoding) {
      case "gzip", "x-gzip" -> new GZIPInputStream(in);
      case "deflate" -> new InflaterInputStream(in, new Inflater(!hasZlibHeader(body)));
      case "br" -> new BrotliInputStream(in);
      default -> throw new UnreadableException("encoded as " + encoding);
    };
  }

  /** Some servers leave out the header of zlib that the standard asks for. */
  private static boolean hasZlibHeader(byte[] body) {
    return body.length > 1
        && (body[0] & 0x0F) == 8
        && (((body[0] & 0xFF) << 8) | (body[1] & 0xFF)) % 31 == 0;
  }
}
