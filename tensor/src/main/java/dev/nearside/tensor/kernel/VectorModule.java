package dev.nearside.tensor.kernel;

/** Java's module of vector operations, which must be asked for at start. */
public final class VectorModule {
  /** Its name, for {@code --add-modules}. */
  public static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /** Whether it is in the boot layer: classes that use it may be loaded. */
  public static boolean isThere() {
    return ModuleLayer.boot().findModule(NAME).isPresent();
  }
}
