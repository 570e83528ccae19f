package toro.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 and TLS. */
class SecureServerTest {
  private static final int PAGES = 300;

  private final HeldCertificate certificate =
      new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
  private final MockWebServer server = new MockWebServer();
  @TempDir private Path folder;

  @BeforeEach
  void startServer() throws Exception {
    var certificates = new HandshakeCertificates.Builder().heldCertificate(certificate).build();
    server.useHttps(certificates.sslSocketFactory());
    server.start();
  }

  @AfterEach
  void closeServer() {
    server.close();
  }

  private static MockResponse.Builder page(String html) {
    return new MockResponse.Builder().code(200).addHeader("Content-Type", "text/html").body(html);
  }

  /** Serves a page with many links; what is wrong with the answers is up to the test. */
  private void serve(BiFunction<MockResponse.Builder, Integer, MockResponse.Builder> trouble) {
    var links = new StringBuilder();
    for (int i = 0; i < PAGES; i++) {
      links.append("<a href='/").append(i).append("'></a>");
    }
    var requests = new AtomicInteger();
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            var path = request.getUrl().encodedPath();
            if (path.equals("/robots.txt")) {
              return new MockResponse.Builder().code(404).build();
            }
            return trouble
                .apply(
                    page(path.equals("/") ? links.toString() : "<p>"), requests.incrementAndGet())
                .build();
          }
        });
  }

  private Run check(Object... options) {
    var arguments = Arrays.copyOf(options, options.length + 1);
    arguments[options.length] = "https://localhost:" + server.getPort() + "/";
    return Run.check(arguments);
  }

  @Test
  void aConnectionThatEndsAfterSomeRequestsLosesNone() {
    serve(
        (answer, request) ->
            request % 20 == 0
                ? answer.onResponseEnd(SocketEffect.ShutdownConnection.INSTANCE)
                : answer);

    assertThat(check("--insecure").assertStatus(0).summary())
        .isEqualTo("checked 301 pages, 300 links, 0 broken");
  }

  @Test
  void aConnectionThatBreaksWithRequestsUnderWayLosesNone() {
    serve(
        (answer, request) ->
            request % 60 == 0 ? answer.onResponseStart(new SocketEffect.CloseSocket()) : answer);

    assertThat(check("--insecure", "--retries=9").assertStatus(0).summary())
        .isEqualTo("checked 301 pages, 300 links, 0 broken");
  }

  @Test
  void aCertificateThatNobodyKnowsIsNamed() {
    serve((answer, request) -> answer);

    assertThat(check().assertStatus(2).err())
        .contains("TLS: the certificate is not trusted (see --ca-file and --insecure)");
  }

  @Test
  void aCertificateOfOneOfTheGivenAuthoritiesIsTrusted() throws Exception {
    serve((answer, request) -> answer);
    var file = Files.writeString(folder.resolve("ca.pem"), certificate.certificatePem());

    check("--ca-file=" + file, "--max-pages=1").assertStatus(0);
  }
}
