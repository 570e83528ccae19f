package toro.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.jr.ob.JSON;

/** The link checker and an independent one agree on every link. */
class OracleTest {

  @Test
  void onTheDemonstrationSite() throws Exception {
    try (var site = DemoSite.open();
        var jar = FileSystems.newFileSystem(DemoSite.jar())) {
      assertThat(found(site.url().toString(), site.url().toString()))
          .isEqualTo(new Oracle(jar.getPath("/")).broken());
    }
  }

  /** For any folder of static files: {@code -Dsite=/usr/share/doc/postgresql-doc-15/html}. */
  @Test
  @EnabledIfSystemProperty(named = "site", matches = ".+")
  void onAGivenFolder() throws Exception {
    var folder = System.getProperty("site");

    var found = found(System.getProperty("url", folder), System.getProperty("url", folder + "/"));

    System.err.println(folder + ": " + found.size() + " broken links");
    assertThat(found).isEqualTo(new Oracle(Path.of(folder)).broken());
  }

  /** Returns what the checker finds, each as {@code page -> link}, beneath {@code prefix}. */
  private static Set<String> found(String start, String prefix) throws IOException {
    var run = Run.check("--format=json", start);
    var report = JSON.std.mapFrom(run.out());
    var found = new TreeSet<String>();
    for (var each : (List<?>) report.get("brokenLinks")) {
      var broken = (Map<?, ?>) each;
      for (var page : (List<?>) broken.get("pages")) {
        if (page.toString().endsWith(".css")) {
          continue; // the oracle reads no style sheets
        }
        found.add(bare(page, prefix) + " -> " + bare(broken.get("link"), prefix));
      }
    }
    return found;
  }

  private static String bare(Object address, String prefix) {
    var text = address.toString();
    return text.startsWith(prefix) ? "/" + Oracle.decode(text.substring(prefix.length())) : text;
  }
}
