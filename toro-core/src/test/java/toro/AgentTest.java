package toro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The jar of the library as an agent, in JVMs of their own. */
@DisabledIfSystemProperty(named = "toro.test.host", matches = "executor") // the same there
class AgentTest {
  private static final String PROGRAM =
      """
      void main() {
        System.out.println(new toro.IOLoop());
      }
      """;

  @TempDir private Path folder;

  private Path jar() throws Exception {
    Path classes =
        Path.of(IOLoop.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path jar = folder.resolve("toro.jar");
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", Agent.class.getName());
    try (OutputStream out = Files.newOutputStream(jar);
        var entries = new JarOutputStream(out, manifest);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        entries.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        entries.write(Files.readAllBytes(file));
      }
    }
    return jar;
  }

  private String java(String... arguments) throws IOException, InterruptedException {
    Path program = Files.writeString(folder.resolve("Program.java"), PROGRAM);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(arguments));
    command.add(program.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output.strip();
  }

  @Test
  void withoutItTheEngineIsThatOfAnyJvm() throws Exception {
    assertThat(java("-cp", jar().toString())).isEqualTo("IOLoop[idle engine=virtual-threads]");
  }

  @Test
  void onTheClassPathItOpensTheJdk() throws Exception {
    Path jar = jar();
    assertThat(java("-javaagent:" + jar, "-cp", jar.toString()))
        .isEqualTo("IOLoop[idle engine=continuations]");
  }

  @Test
  void onTheModulePathItOpensTheJdk() throws Exception {
    Path jar = jar();
    assertThat(java("-javaagent:" + jar, "-p", jar.toString(), "--add-modules", "toro"))
        .isEqualTo("IOLoop[idle engine=continuations]");
  }
}
