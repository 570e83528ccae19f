package toro.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The documents say what is so. A block of Java has a comment before it that names its source, a
 * file or a region of one: {@code <!-- from: a/File.java#region -->}. A block of output has one
 * that names the program: {@code <!-- output: WaitNotify -->}. Links lead somewhere, and tests that
 * are named exist.
 */
class DocumentsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern BLOCK =
      Pattern.compile("(?:^<!-- (from|output): (\\S+) -->\\n+)?^```(\\w*)\\n(.*?)^```$", flags());
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

  private static final Map<String, List<String>> TESTS = tests();

  private static int flags() {
    return Pattern.MULTILINE | Pattern.DOTALL;
  }

  static List<Path> documents() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(top, docs)
          .filter(path -> path.toString().endsWith(".md"))
          .map(ROOT::relativize)
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void codeIsCompiledAndRun(Path document) throws Exception {
    Matcher block = BLOCK.matcher(read(document));
    while (block.find()) {
      boolean isJava = block.group(3).equals("java");
      String source = isJava == "from".equals(block.group(1)) ? block.group(2) : null;
      if (isJava) {
        assertThat(source).as("where this is from: %s", block.group(4)).isNotNull();
        assertThat(code(source)).as(source).contains(block.group(4).strip());
      } else if (source != null) {
        Class<?> program = Class.forName("toro.examples." + source);
        assertThat(block.group(4)).isEqualToNormalizingNewlines(Programs.output(program));
      }
    }
  }

  private static String code(String source) throws IOException {
    String[] fileAndRegion = source.split("#", 2);
    String code = read(Path.of(fileAndRegion[0]));
    return fileAndRegion.length == 1 ? code : region(code, fileAndRegion[1]);
  }

  private static String region(String code, String name) {
    Matcher region =
        Pattern.compile("^ *// @start region=\"" + name + "\"\\n(.*?)^ *// @end$", flags())
            .matcher(code);
    return region.find()
        ? region.group(1).stripTrailing().stripIndent()
        : fail("no region " + name);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksLeadSomewhere(Path document) throws Exception {
    Matcher link = LINK.matcher(read(document));
    while (link.find()) {
      if (!link.group(1).matches("[a-z]+:.*")) {
        String[] fileAndAnchor = link.group(1).split("#", 2);
        Path target =
            fileAndAnchor[0].isEmpty() ? document : document.resolveSibling(fileAndAnchor[0]);
        assertThat(ROOT.resolve(target)).as(link.group(1)).exists();
        if (fileAndAnchor.length == 2) {
          assertThat(anchors(target)).as("the headings of " + target).contains(fileAndAnchor[1]);
        }
      }
    }
  }

  /** The table of primitives stands in the README and in the Javadoc of the package. */
  @Test
  void theTablesOfPrimitivesSayTheSame() throws Exception {
    List<String> readme =
        Pattern.compile("^\\| (.*) \\|$", flags())
            .matcher(
                read(Path.of("README.md"))
                    .split("## Which primitive do I need\\?")[1]
                    .split("\n## ")[0])
            .results()
            .flatMap(table -> table.group(1).lines())
            .map(row -> row.replaceAll("^\\| | \\|$", ""))
            .filter(row -> row.contains(" | ") && !row.startsWith("to |"))
            .map(row -> row.replaceAll("[`*]", ""))
            .toList();
    List<String> javadoc =
        Pattern.compile("<tr><td>(.*?)</td><td>(.*?)</td></tr>", flags())
            .matcher(read(Path.of("toro-core/src/main/java/toro/package-info.java")))
            .results()
            .map(row -> row.group(1) + " | " + row.group(2))
            .map(row -> row.replaceAll("\n \\* ", " ").replaceAll("</?em>", ""))
            .map(row -> row.replaceAll("\\{@link (?:toro\\.)?([^} ]+)}", "$1"))
            .map(row -> row.replaceAll("\\{@link [^} (]+(?:\\([^)]*\\))? ([^}]+)}", "$1"))
            .map(row -> row.replaceAll("\\{@code ([^}]+)}", "$1"))
            .toList();
    assertThat(javadoc).isNotEmpty().containsExactlyElementsOf(readme);
  }

  static List<Path> sources() throws IOException {
    try (Stream<Path> all = Files.walk(ROOT)) {
      return all.filter(path -> path.toString().matches(".*/src/main/java/.*\\.java"))
          .map(ROOT::relativize)
          .sorted()
          .toList();
    }
  }

  /** A brace too many is rendered as text. */
  @ParameterizedTest
  @MethodSource("sources")
  void theBracesOfJavadocAreBalanced(Path source) throws Exception {
    Matcher comment = Pattern.compile("/\\*\\*.*?\\*/", flags()).matcher(read(source));
    while (comment.find()) {
      String text = comment.group();
      assertThat(text.replace("{", "").length()).as(text).isEqualTo(text.replace("}", "").length());
    }
  }

  /** A test that a document names as {@code `Class#method`} is one of some module's tests. */
  @ParameterizedTest
  @MethodSource("documents")
  void testsThatAreNamedExist(Path document) throws Exception {
    List<String> missing = new ArrayList<>();
    Matcher test = TEST.matcher(read(document));
    while (test.find()) {
      Pattern method = Pattern.compile("\\bvoid " + test.group(2) + "\\(");
      if (TESTS.getOrDefault(test.group(1), List.of()).stream()
          .noneMatch(source -> method.matcher(source).find())) {
        missing.add(test.group());
      }
    }
    assertThat(missing).isEmpty();
  }

  /** The sources of the tests of all modules by the names of their classes. */
  private static Map<String, List<String>> tests() {
    try (Stream<Path> modules = Files.list(ROOT)) {
      Map<String, List<String>> tests = new HashMap<>();
      for (Path module : modules.toList()) {
        Path folder = module.resolve("src/test/java");
        if (Files.isDirectory(folder)) {
          try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
              String name = file.getFileName().toString().replace(".java", "");
              tests.computeIfAbsent(name, key -> new ArrayList<>()).add(read(file));
            }
          }
        }
      }
      return tests;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The headings of a document, as they are written in links. */
  private static List<String> anchors(Path document) throws IOException {
    return read(document)
        .lines()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  private static String read(Path path) throws IOException {
    return Files.readString(ROOT.resolve(path)).replace("\r\n", "\n");
  }
}
