package toro.check;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The names of hosts, as far as the URL standard is stricter than the parser in use. */
final class HostNames {
  private static final Pattern FORBIDDEN =
      Pattern.compile("[\\x00-\\x20#/:<>?@\\[\\\\\\]^|%\\x7F]");
  private static final Pattern NUMBER = Pattern.compile("\\d+|0[xX][0-9a-fA-F]*");

  private HostNames() {}

  /** Returns the one spelling of {@code host}: {@code 127.0.0.1} for {@code 127.1}. */
  static String canonical(String host) throws MalformedUrlException {
    if (host.indexOf(':') >= 0) {
      return host; // an IPv6 address, which the parser has made canonical
    }
    if (FORBIDDEN.matcher(host).find()) {
      throw new MalformedUrlException("no valid host name");
    }
    var labels = labels(host);
    return NUMBER.matcher(labels.getLast()).matches() ? ipv4(labels) : host;
  }

  private static List<String> labels(String host) {
    var labels = new ArrayList<>(List.of(host.split("\\.", -1)));
    if (labels.size() > 1 && labels.getLast().isEmpty()) {
      labels.removeLast();
    }
    return labels;
  }

  /** Reads numbers as C's {@code inet_aton} does; the last one fills the remaining bytes. */
  private static String ipv4(List<String> labels) throws MalformedUrlException {
    long address = 0;
    for (int i = 0; i < labels.size(); i++) {
      var isLast = i == labels.size() - 1;
      var number = number(labels.get(i));
      if (i > 3 || number < 0 || number >= (isLast ? 1L << (8 * (4 - i)) : 256)) {
        throw new MalformedUrlException("no valid IPv4 address");
      }
      address += isLast ? number : number << (8 * (3 - i));
    }
    return "%d.%d.%d.%d"
        .formatted(address >> 24, (address >> 16) & 255, (address >> 8) & 255, address & 255);
  }

  /** Returns -1 if {@code label} is no number below 2^32. */
  private static long number(String label) {
    if (!NUMBER.matcher(label).matches()) {
      return -1;
    }
    var isHex = label.startsWith("0x") || label.startsWith("0X");
    var isOctal = !isHex && label.length() > 1 && label.startsWith("0");
    var digits = isHex ? "0" + label.substring(2) : label;
    try {
      var number = Long.parseLong(digits, isHex ? 16 : isOctal ? 8 : 10);
      return number < 1L << 32 ? number : -1;
    } catch (NumberFormatException tooLarge) {
      return -1;
    }
  }
}
