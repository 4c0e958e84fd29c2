package dev.nearside.cli.command;

import java.lang.module.ModuleDescriptor;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version that Maven wrote into the module descriptor. */
final class VersionProvider implements IVersionProvider {
  VersionProvider() {}

  @Override
  public String[] getVersion() {
    return new String[] {"nearside " + version()};
  }

  /** The version alone. */
  static String version() {
    Optional<ModuleDescriptor> descriptor =
        Optional.ofNullable(VersionProvider.class.getModule().getDescriptor());
    return descriptor.flatMap(ModuleDescriptor::rawVersion).orElse("(not packaged)");
  }
}
