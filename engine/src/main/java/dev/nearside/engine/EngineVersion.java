package dev.nearside.engine;

/** The engine's version. */
public final class EngineVersion {
  private EngineVersion() {}

  public static final String VERSION = "0.1.0";
}
