package dev.nearside.clients;

/** Where the server is. */
final class Server {
  static final String URL = env("NEARSIDE_URL", "http://127.0.0.1:11500") + "/v1";
  static final String MODEL = env("NEARSIDE_TEST_MODEL", "smollm2:135m");
  static final String QUESTION = "What is the capital of France?";

  private Server() {}

  private static String env(String name, String otherwise) {
    String value = System.getenv(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }
}
