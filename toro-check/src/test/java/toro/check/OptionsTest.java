package toro.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import tools.jackson.jr.ob.JSON;

/** What can be asked for on the command line. */
class OptionsTest {
  private final HostileServer server = new HostileServer();
  @TempDir private Path folder;

  @AfterEach
  void closeServer() {
    server.close();
  }

  private Path write(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void excludedLinksAreNotRequested() {
    server.page("/", "<a href=old/a></a><a href=b></a>").page("/b", "");

    var run = Run.check("--exclude=/old/", server.url("/")).assertStatus(0);

    assertThat(server.requests()).doesNotContain("GET /old/a");
    assertThat(run.out()).contains("not checked: 1 link excluded by --exclude or --include");
  }

  @Test
  void onlyIncludedLinksAreRequested() {
    server.page("/", "<a href=old/a></a><a href=b></a><a href=c></a>").page("/b", "");

    Run.check("--include=/b$", "--include=/x$", server.url("/")).assertStatus(0);

    assertThat(server.requests()).containsExactly("GET /robots.txt", "GET /", "GET /b");
  }

  @Test
  void aPatternForFragmentsLeavesOutTheirCheckAlone() {
    server
        .page("/", "<a href='a#88-90'></a><a href='a#x'></a><a href='none#1-2'></a>")
        .page("/a", "");

    assertThat(Run.check("--exclude=#\\d+-\\d+$", server.url("/")).assertStatus(1).broken())
        .containsExactly(
            "no such fragment: " + server.url("/a#x"), "404 Not Found: " + server.url("/none#1-2"));
  }

  @Test
  void fragmentsNeedNotBeChecked() {
    server.page("/", "<a href='#x'></a><a href='a#y'></a>").page("/a", "<a href=/b></a>");

    assertThat(Run.check("--no-fragments", server.url("/")).assertStatus(1).broken())
        .containsExactly("404 Not Found: " + server.url("/b"));
  }

  @Test
  void fragmentsOfOtherHostsAreCheckedIfAskedFor() {
    try (var elsewhere = new HostileServer()) {
      elsewhere.page("/a", "<p id=x><a href=/unseen>");
      server.page("/", "<a href='%1$s#x'></a><a href='%1$s#y'></a>".formatted(elsewhere.url("/a")));

      var run = Run.check("--external=fragments", server.url("/")).assertStatus(1);

      assertThat(run.broken()).containsExactly("no such fragment: " + elsewhere.url("/a#y"));
      assertThat(elsewhere.requests()).containsExactly("GET /robots.txt", "GET /a");
    }
  }

  @Test
  void aUrlAfterExternalIsAUrl() {
    server.page("/", "");

    Run.check("--external", server.url("/")).assertStatus(0);
  }

  @Test
  void whatWasFoundElsewhereIsNotAskedForAgain() throws IOException {
    var cache = folder.resolve("sub/cache");
    try (var elsewhere = new HostileServer()) {
      elsewhere.page("/a", "");
      server.page(
          "/",
          "<a href='%s'></a><a href='%s'></a>".formatted(elsewhere.url("/a"), elsewhere.url("/b")));

      for (int i = 0; i < 2; i++) {
        Run.check("--external", "--cache=" + cache, server.url("/")).assertStatus(1);
      }

      assertThat(elsewhere.requests("HEAD /a")).isOne();
      assertThat(elsewhere.requests("HEAD /b")).isEqualTo(2);
      assertThat(Files.readString(cache)).contains(elsewhere.url("/a").toString());
    }
  }

  @Test
  void aCacheThatIsTooOldIsOfNoUse() throws IOException {
    try (var elsewhere = new HostileServer()) {
      elsewhere.page("/a", "");
      server.page("/", "<a href='%s'></a>".formatted(elsewhere.url("/a")));
      var cache = write("cache", "2001-01-01T00:00:00Z\t" + elsewhere.url("/a") + "\nnonsense\n");

      Run.check("--external", "--cache=" + cache, server.url("/")).assertStatus(0);

      assertThat(elsewhere.requests()).contains("HEAD /a");
    }
  }

  @Test
  void aFolderIsCheckedWithoutAServer() throws IOException {
    write(
        "index.html", "<a href='a b.html#x'></a><a href=/sub/></a><a href=sub></a><a href=no></a>");
    write("a b.html", "<p id=x><a href=../../etc/passwd></a>");
    write("sub/index.html", "<a href=/c.css></a>");
    write("c.css", "p { background: url(d.png) }");

    var run = Run.check(folder).assertStatus(1);

    assertThat(run.broken())
        .containsExactly(
            "404 Not Found: " + folder + "/d.png",
            "404 Not Found: " + folder + "/etc/passwd",
            "404 Not Found: " + folder + "/no");
    assertThat(run.pages()).contains(folder + "/a%20b.html");
    assertThat(run.summary()).isEqualTo("checked 3 pages, 7 links, 3 broken");
  }

  @Test
  void aFolderWithoutAPageOfItsOwnHasAllPagesInIt() throws IOException {
    write("a.html", "<a href=no></a>");
    write("b#?.html", "");

    assertThat(Run.check(folder).assertStatus(1).broken())
        .containsExactly("404 Not Found: " + folder + "/no");
  }

  @Test
  void aFileIsCheckedWithWhatItLeadsTo() throws IOException {
    var file = write("a.html", "<a href=b.html></a><a href=no></a>");
    write("b.html", "");

    assertThat(Run.check(file).assertStatus(1).summary())
        .isEqualTo("checked 2 pages, 2 links, 1 broken");
  }

  @Test
  void aSitemapStandsForItsPages() {
    server
        .file(
            "/docs/sitemap.xml",
            "application/xml",
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
            <url><loc>%s</loc></url><url><loc>%s</loc></url></urlset>
            """
                .formatted(server.url("/blog/a"), server.url("/docs/none"))
                .getBytes())
        .page("/blog/a", "<a href=b></a>");

    var run = Run.check(server.url("/docs/sitemap.xml")).assertStatus(1);

    assertThat(run.broken())
        .containsExactly(
            "404 Not Found: " + server.url("/blog/b"),
            "404 Not Found: " + server.url("/docs/none"));
  }

  @Test
  void anIndexOfSitemapsIsFollowed() {
    var index =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <sitemap><loc>%s</loc></sitemap></sitemapindex>
        """;
    var map =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <url><loc>%s</loc></url></urlset>
        """;
    server
        .file("/index.xml", "text/xml", index.formatted(server.url("/map.xml")).getBytes())
        .file("/map.xml", "text/xml", map.formatted(server.url("/a")).getBytes())
        .page("/a", "<a href=no></a>");

    assertThat(Run.check(server.url("/index.xml")).assertStatus(1).broken())
        .containsExactly("404 Not Found: " + server.url("/no"));
  }

  @Test
  void optionsCanStandInAFile() throws IOException {
    write(".toro-check", "# of this project\n--exclude=/old/ --concurrency=3\n");

    assertThat(ConfigFile.expand(new String[] {"check", "-c5", "x"}, folder))
        .containsExactly("check", "@" + folder.resolve(".toro-check"), "-c5", "x");
  }

  @Test
  void theCommandLinePrevailsOverTheFile() throws IOException {
    var file = write("options", "--format=json\n\"--exclude=/old/|#\\\\d+$\" # both\n");
    server.page("/", "<a href=old/a></a><a href=#7></a>");

    var arguments =
        ConfigFile.expand(
            new String[] {
              "check", "--config", file.toString(), "-ftext", server.url("/").toString()
            },
            folder);
    var out = new StringWriter();
    var status = Main.commandLine().setOut(new PrintWriter(out)).execute(arguments);

    assertThat(status).isZero();
    assertThat(out.toString()).contains("1 link excluded").contains("checked 1 page");
  }

  @Test
  void quietWritesTheBrokenLinksAlone() {
    server.page("/", "<a href=no></a>").page("/ok", "");

    assertThat(Run.check("--quiet", server.url("/")).out())
        .isEqualTo("404 Not Found: %s\n  on %s\n".formatted(server.url("/no"), server.url("/")));
    assertThat(Run.check("--quiet", server.url("/ok")).out()).isEmpty();
  }

  @Test
  void verboseWritesEachUrlAsItComes() {
    server.page("/", "<a href=no></a><a href=r></a>").redirect("/r", "/no2");

    assertThat(Run.check("--verbose", "--concurrency=1", server.url("/")).err().lines())
        .containsExactly(
            "ok: " + server.url("/"),
            "404 Not Found: " + server.url("/no"),
            "redirects to %s: %s".formatted(server.url("/no2"), server.url("/r")),
            "404 Not Found: " + server.url("/no2"));
  }

  @Test
  void csvHasALineForEachPlace() {
    server.page("/", "<a href='a,b'></a><a href='=x'></a>").page("/=x", "<a href='a,b'></a>");

    assertThat(Run.check("--format=csv", server.url("/")).assertStatus(1).lines())
        .containsExactly(
            "link,reason,page",
            "\"%s\",404 Not Found,%s".formatted(server.url("/a,b"), server.url("/")),
            "\"%s\",404 Not Found,%s".formatted(server.url("/a,b"), server.url("/=x")));
  }

  @Test
  void junitHasATestCaseForEachBrokenLink() throws Exception {
    server.page("/", "<a href='no?a&amp;b#\033'></a>");

    var run = Run.check("--format=junit", server.url("/")).assertStatus(1);

    var suite =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(run.out())))
            .getDocumentElement();
    assertThat(suite.getTagName()).isEqualTo("testsuite");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    assertThat(suite.getElementsByTagName("testcase").getLength()).isOne();
    assertThat(suite.getElementsByTagName("failure").item(0).getTextContent())
        .isEqualTo("on " + server.url("/"));
  }

  @Test
  void sarifHasAResultForEachPlace() throws IOException {
    server.page("/", "<a href=no></a>");

    var run = Run.check("--format=sarif", server.url("/")).assertStatus(1);

    var report = JSON.std.mapFrom(run.out());
    assertThat(report).containsEntry("version", "2.1.0");
    var results = (List<?>) ((Map<?, ?>) ((List<?>) report.get("runs")).getFirst()).get("results");
    assertThat(results)
        .singleElement()
        .asString()
        .contains("404 Not Found: " + server.url("/no"), "uri=" + server.url("/"));
  }

  @Test
  void githubHasAnAnnotationForEachBrokenLink() {
    server.page("/", "<a href='no#%25\n'></a>");

    assertThat(Run.check("--format=github", server.url("/")).assertStatus(1).lines().getFirst())
        .isEqualTo(
            "::error file=%s,title=404 Not Found::%s"
                .formatted(
                    server.url("/").toString().replace(":", "%3A"), server.url("/no") + "#%2525"));
  }

  @Test
  void aReportThatCannotBeWrittenIsAnError() {
    server.page("/", "");
    var err = new StringWriter();

    var status =
        Main.commandLine()
            .setOut(new PrintWriter(new FullDisk()))
            .setErr(new PrintWriter(err, true))
            .execute("check", server.url("/").toString());

    assertThat(status).isEqualTo(2);
    assertThat(err.toString()).contains("the report could not be written");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskIsAnErrorOfTheProcess() throws Exception {
    var file = write("a.html", "");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "check",
                file.toString())
            .redirectOutput(Path.of("/dev/full").toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();

    assertThat(process.waitFor()).isEqualTo(2);
  }

  private static final class FullDisk extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("No space left on device");
    }
  }
}
