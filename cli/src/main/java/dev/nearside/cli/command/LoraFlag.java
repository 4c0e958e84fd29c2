package dev.nearside.cli.command;

import dev.nearside.engine.AdapterFile;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code FILE[=SCALE]}; what follows the last {@code =} is a scale if it is a number. */
final class LoraFlag implements ITypeConverter<AdapterFile> {
  @Override
  public AdapterFile convert(String value) {
    int at = value.lastIndexOf('=');
    if (at > 0) {
      try {
        return file(value.substring(0, at), Float.parseFloat(value.substring(at + 1)));
      } catch (NumberFormatException e) {
        return file(value, 1f); // the name of the file has a '=' in it
      }
    }
    return file(value, 1f);
  }

  private static AdapterFile file(String name, float scale) {
    if (!Float.isFinite(scale)) {
      throw new TypeConversionException("the scale of " + name + " is not a finite number");
    }
    return new AdapterFile(name, Path.of(name), scale);
  }
}
