import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ClassDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Writes the classes of a jar anew, in the format of Java 8 where theirs is older.
 *
 * <p>The JVM takes no class of a format before Java 6 into an AOT cache, and checks it in the slow
 * way of those days: picocli's, in Java 5's, cost every start a tenth of a second. The code stays
 * what it was; only the frames that newer checks go by are added.
 *
 * <p>Run by the build: {@code java RenewClasses.java FOLDER NAME}, for the jars {@code NAME-*.jar}
 * of a folder.
 */
final class RenewClasses {
  private static final int OLDEST = ClassFile.JAVA_8_VERSION;
  private static final String NOTE = "META-INF/CHANGED-BY-NEARSIDE.txt";
  private static final String NOTE_TEXT =
      "The classes in this jar were converted to the class file format of Java 8; their code is"
          + " unchanged.\n";

  private RenewClasses() {}

  public static void main(String[] args) throws IOException {
    List<Path> jars;
    try (Stream<Path> all = Files.list(Path.of(args[0]))) {
      jars = all.filter(jar -> jar.getFileName().toString().matches(args[1] + "-.*\\.jar")).toList();
    }
    if (jars.isEmpty()) {
      throw new IOException("there is no jar of " + args[1] + " in " + args[0]);
    }
    for (Path jar : jars) {
      Path renewed = jar.resolveSibling(jar.getFileName() + ".part");
      renew(jar, renewed);
      Files.move(renewed, jar, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void renew(Path jar, Path into) throws IOException {
    try (ZipFile in = new ZipFile(jar.toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(into))) {
      ClassFile format =
          ClassFile.of(
              ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
              ClassFile.ConstantPoolSharingOption.NEW_POOL, // so that all code is written anew
              ClassFile.ClassHierarchyResolverOption.of(hierarchy(in)));
      long time = 0;
      for (ZipEntry entry : in.stream().toList()) {
        byte[] bytes = in.getInputStream(entry).readAllBytes();
        boolean isClass = entry.getName().endsWith(".class");
        time = entry.getTime();
        put(out, entry.getName(), time, isClass ? renewed(format, bytes) : bytes);
      }
      if (in.getEntry(NOTE) == null) {
        put(out, NOTE, time, NOTE_TEXT.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static void put(ZipOutputStream out, String name, long time, byte[] bytes)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(time); // of the original: the same jar comes out of each build
    out.putNextEntry(entry);
    out.write(bytes);
    out.closeEntry();
  }

  private static byte[] renewed(ClassFile format, byte[] bytes) {
    ClassModel model = format.parse(bytes);
    return model.majorVersion() < OLDEST ? format.transformClass(model, new Newer()) : bytes;
  }

  private static final class Newer implements ClassTransform {
    @Override
    public void accept(ClassBuilder builder, ClassElement element) {
      if (!(element instanceof ClassFileVersion)) {
        builder.with(element);
      }
    }

    @Override
    public void atEnd(ClassBuilder builder) {
      builder.withVersion(OLDEST, 0);
    }
  }

  // Frames need to know which class is above which.
  private static ClassHierarchyResolver hierarchy(ZipFile jar) {
    return ClassHierarchyResolver.ofResourceParsing(
            (ClassDesc type) -> {
              String name = type.descriptorString();
              ZipEntry entry = jar.getEntry(name.substring(1, name.length() - 1) + ".class");
              try {
                return entry == null ? null : jar.getInputStream(entry);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .orElse(ClassHierarchyResolver.defaultResolver());
  }
}
