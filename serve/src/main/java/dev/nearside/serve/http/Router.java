package dev.nearside.serve.http;

import dev.nearside.base.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

/** Finds the endpoint of a request. */
public final class Router {
  /**
   * An endpoint with the variable parts of the path.
   *
   * @param params by name
   */
  record Match(Endpoint endpoint, Map<String, String> params) {}

  private final List<Endpoint> endpoints;

  public Router(List<Endpoint> endpoints) {
    this.endpoints = List.copyOf(endpoints);
  }

  /**
   * The endpoint for a path.
   *
   * @throws HttpProblem when there is none, or not with this method
   */
  Match find(String method, String path) {
    TreeSet<String> methods = new TreeSet<>();
    for (Endpoint e : endpoints) {
      Map<String, String> params = match(e.path(), path);
      if (params != null && isSame(e.method(), method)) {
        return new Match(e, params);
      }
      if (params != null) {
        methods.add(e.method());
      }
    }
    if (methods.isEmpty()) {
      throw HttpProblem.of(
          HttpProblem.Kind.NOT_FOUND, Fault.of("there is nothing at this path").got(path));
    }
    throw HttpProblem.of(
        HttpProblem.Kind.METHOD_NOT_ALLOWED,
        Fault.of("the path does not take this method")
            .got(method)
            .expected(String.join(" or ", methods))
            .where(path));
  }

  /** The endpoint whose errors a path that was not found is answered with; null without one. */
  @Nullable Dialect dialectNear(String path) {
    Endpoint best = null;
    int longest = 0;
    for (Endpoint e : endpoints) {
      int shared = shared(e.path(), path);
      if (shared > longest) {
        longest = shared;
        best = e;
      }
    }
    return best == null ? null : best.dialect();
  }

  private static boolean isSame(String wanted, String method) {
    return wanted.equals(method) || (wanted.equals("GET") && method.equals("HEAD"));
  }

  // How many parts of a path are the same at its beginning.
  private static int shared(String a, String b) {
    List<String> first = segments(a);
    List<String> second = segments(b);
    int n = 0;
    while (n < first.size() && n < second.size() && first.get(n).equals(second.get(n))) {
      n++;
    }
    return n;
  }

  private static @Nullable Map<String, String> match(String pattern, String path) {
    List<String> wanted = segments(pattern);
    List<String> given = segments(path);
    Map<String, String> params = new LinkedHashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      String part = wanted.get(i);
      if (part.startsWith("{") && part.endsWith("...}") && i < given.size()) {
        params.put(
            part.substring(1, part.length() - 4),
            decoded(String.join("/", given.subList(i, given.size()))));
        return params;
      }
      if (i >= given.size()) {
        return null;
      }
      if (part.startsWith("{")) {
        params.put(part.substring(1, part.length() - 1), decoded(given.get(i)));
      } else if (!part.equals(given.get(i))) {
        return null;
      }
    }
    return wanted.size() == given.size() ? params : null;
  }

  // A canonical path keeps escapes of the slash and of the percent sign alone.
  private static String decoded(String part) {
    return part.indexOf('%') < 0 ? part : URIUtil.decodePath(part);
  }

  private static List<String> segments(String path) {
    List<String> out = new ArrayList<>();
    int from = path.startsWith("/") ? 1 : 0;
    for (int at; (at = path.indexOf('/', from)) >= 0; from = at + 1) {
      out.add(path.substring(from, at));
    }
    out.add(path.substring(from));
    return out;
  }
}
