package dev.nearside.serve.ui;

import dev.nearside.base.Fault;
import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.keys.Scope;
import dev.nearside.serve.openai.OpenAiErrors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code GET /} and the files of the page behind it. They need no key: they are public anyway. */
public final class UiEndpoints {
  private static final String INDEX = "index.html";
  private static final String ASSETS = "assets/";
  private static final byte[] WITHOUT_UI =
      ("Nearside is running\n\n"
              + "This build has no Web UI: Node.js was missing when it was built.\n"
              + "The API is here all the same; GET /openapi.json describes it.\n")
          .getBytes(StandardCharsets.UTF_8);

  // The page shows what a model wrote: nothing of that may become a program.
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private UiEndpoints() {}

  /** One for the page, one for each file beside it, and one for all assets. */
  public static List<Endpoint> of(UiFiles files) {
    List<Endpoint> out = new ArrayList<>();
    out.add(new Page(files, "/", INDEX));
    for (String path : files.all().keySet()) {
      if (!path.startsWith(ASSETS)) {
        out.add(new Page(files, "/" + path, path));
      }
    }
    if (!files.all().isEmpty()) {
      out.add(new Page(files, "/assets/{name...}", ASSETS));
    }
    return out;
  }

  /**
   * One path.
   *
   * @param file which file; with a slash at the end, the one that the path names
   */
  private record Page(UiFiles files, String path, String file) implements Endpoint {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public Dialect dialect() {
      return new OpenAiErrors();
    }

    @Override
    public Scope scope() {
      return Scope.OPEN;
    }

    @Override
    public Doc doc() {
      return Doc.of("A file of the Web UI.").withAnswer("text/html");
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
      String wanted = file.endsWith("/") ? file + exchange.pathParam("name") : file;
      Optional<UiFiles.UiFile> found = files.find(wanted);
      if (found.isEmpty() && path.equals("/")) {
        exchange.bytes(200, "text/plain; charset=utf-8", WITHOUT_UI);
        return;
      }
      send(exchange, found.orElseThrow(() -> missing(wanted)));
    }

    private static HttpProblem missing(String wanted) {
      return HttpProblem.of(
          HttpProblem.Kind.NOT_FOUND, Fault.of("the Web UI has no such file").got(wanted));
    }

    private static void send(Exchange exchange, UiFiles.UiFile found) throws IOException {
      exchange.setHeader("X-Content-Type-Options", "nosniff");
      exchange.setHeader("ETag", found.etag());
      exchange.setHeader(
          "Cache-Control", found.isHashed() ? "public, max-age=31536000, immutable" : "no-cache");
      if (found.isPage()) {
        exchange.setHeader("Content-Security-Policy", POLICY);
        exchange.setHeader("Referrer-Policy", "no-referrer");
        exchange.setHeader("X-Frame-Options", "DENY");
      }
      String known = exchange.header("If-None-Match");
      if (known != null && known.contains(found.etag())) {
        exchange.status(304);
      } else {
        exchange.bytes(200, found.type(), found.bytes());
      }
    }
  }
}
