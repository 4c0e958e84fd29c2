package dev.nearside.cli.command;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Origins of pages (RFC 6454), with {@code *} for any host or any port. */
final class OriginConverter implements ITypeConverter<String> {
  private static final Pattern ORIGIN =
      Pattern.compile(
          "\\*|[A-Za-z][A-Za-z0-9+.-]*://(\\*|([^/*\\s:\\[\\]]+|\\[[0-9A-Fa-f:.]+])(:(\\d{1,5}|\\*))?)");

  @Override
  public String convert(String value) {
    if (!ORIGIN.matcher(value).matches()) {
      throw new TypeConversionException(
          "'" + value + "' is no origin such as https://app.example, http://localhost:* or *");
    }
    return value;
  }
}
