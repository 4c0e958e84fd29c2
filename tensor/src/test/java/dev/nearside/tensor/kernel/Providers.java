package dev.nearside.tensor.kernel;

import dev.nearside.tensor.kernel.machine.MachineKernels;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;

/** The providers under test: the vector one once per vector size that the machine has. */
final class Providers {
  private static final String VECTOR_PACKAGE = "dev.nearside.tensor.kernel.vector.";
  private static final String BITS = "nearside.vectorBits";
  private static final List<Class<?>> PANEL_CLASSES = new ArrayList<>();
  private static final List<Class<?>> VECTOR_CLASSES = vectorClasses();

  private Providers() {}

  /** Names of {@link #open}: {@code vector128} and so on. */
  static List<String> fast() {
    List<String> names = new ArrayList<>(List.of("scalar"));
    if (MachineKernels.obstacle().isEmpty()) {
      names.add("machine");
    }
    for (int i = 0; i < VECTOR_CLASSES.size(); i++) {
      names.add("vector" + (128 << i));
      names.add("panel" + (128 << i));
    }
    return names;
  }

  static Kernels open(String name, int threads) {
    switch (name) {
      case "specification":
        return new SpecificationKernels(threads);
      case "scalar":
        return new ScalarKernels(threads);
      case "machine":
        return new MachineKernels(threads);
      default:
    }
    boolean isPanel = name.startsWith("panel");
    int bits = Integer.parseInt(name.substring((isPanel ? "panel" : "vector").length()));
    List<Class<?>> classes = isPanel ? PANEL_CLASSES : VECTOR_CLASSES;
    Class<?> type = classes.get(Integer.numberOfTrailingZeros(bits / 128));
    try {
      return (Kernels) type.getConstructor(int.class).newInstance(threads);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(name, e);
    }
  }

  /** The kernels' vector shapes are constants of their classes: load those once per shape. */
  private static List<Class<?>> vectorClasses() {
    List<Class<?>> classes = new ArrayList<>();
    for (int bits = 128; bits <= FloatVector.SPECIES_PREFERRED.vectorBitSize(); bits *= 2) {
      System.setProperty(BITS, Integer.toString(bits));
      try {
        ClassLoader loader = new VectorLoader();
        Class.forName(VECTOR_PACKAGE + "Lanes", true, loader);
        classes.add(Class.forName(VECTOR_PACKAGE + "VectorKernels", true, loader));
        PANEL_CLASSES.add(Class.forName(VECTOR_PACKAGE + "PanelKernels", true, loader));
      } catch (ClassNotFoundException e) {
        throw new LinkageError("vector kernels", e);
      } finally {
        System.clearProperty(BITS);
      }
    }
    return classes;
  }

  private static final class VectorLoader extends ClassLoader {
    VectorLoader() {
      super(Providers.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(VECTOR_PACKAGE)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      String path = "/" + name.replace('.', '/') + ".class";
      try (InputStream in = Kernels.class.getResourceAsStream(path)) {
        byte[] bytes = Objects.requireNonNull(in, path).readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
