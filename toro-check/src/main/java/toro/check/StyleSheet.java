package toro.check;

import java.util.regex.Pattern;

/** Finds links in CSS: {@code url(…)} and {@code @import}. */
final class StyleSheet {
  private static final String STRING = "\"((?:[^\"\\\\]|\\\\.)*+)\"|'((?:[^'\\\\]|\\\\.)*+)'";
  private static final Pattern TOKEN =
      Pattern.compile(
          "/\\*.*?(?:\\*/|\\z)" // comments come first: what is in them is no link
              + "|\\burl\\(\\s*(?:"
              + STRING
              + "|((?:[^)\"'\\s\\\\]|\\\\.)*+))\\s*\\)"
              + "|@import\\s+(?:"
              + STRING
              + ")"
              + "|"
              + STRING,
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern ESCAPE =
      Pattern.compile("\\\\(?:([0-9a-fA-F]{1,6})\\s?|(.))", Pattern.DOTALL);
  private static final int LINK_GROUPS = 5; // the groups of plain strings come after these

  private StyleSheet() {}

  static Page read(Reply reply) throws FetchException {
    var links = new LinkCollector(reply.url().base());
    collect(PageReader.text(reply), links);
    return links.page(Page.Kind.STYLE_SHEET, null);
  }

  static void collect(String css, LinkCollector links) {
    var token = TOKEN.matcher(css);
    while (token.find()) {
      for (int i = 1; i <= LINK_GROUPS; i++) {
        var address = token.group(i);
        // A lone fragment names a place in the image that the style is for, such as a gradient.
        if (address != null && !address.isBlank() && !address.startsWith("#")) {
          links.add(unescape(address));
        }
      }
    }
  }

  private static String unescape(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(
            escape -> {
              var code = escape.group(1);
              var point = code == null ? -1 : Integer.parseInt(code, 16);
              var character =
                  code == null
                      ? escape.group(2)
                      : Character.isValidCodePoint(point) ? Character.toString(point) : "\uFFFD";
              return java.util.regex.Matcher.quoteReplacement(character);
            });
  }
}
