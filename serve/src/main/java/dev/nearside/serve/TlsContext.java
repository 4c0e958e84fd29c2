package dev.nearside.serve;

import dev.nearside.base.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** The server's certificate, key and trust; new files are taken up while it runs. */
final class TlsContext {
  private static final System.Logger LOG = System.getLogger(TlsContext.class.getName());

  private final TlsOptions options;
  private final SslContextFactory.Server factory = new SslContextFactory.Server();
  private List<FileTime> times;

  private TlsContext(TlsOptions options) {
    this.options = options;
    this.times = times();
  }

  /**
   * @throws ServeException when a file can't be used
   */
  static TlsContext of(TlsOptions options) {
    TlsContext context = new TlsContext(options);
    context.fill(context.factory);
    return context;
  }

  SslContextFactory.Server factory() {
    return factory;
  }

  private void fill(SslContextFactory target) {
    try {
      target.setKeyStore(PemFiles.identity(options.certificate(), options.key()));
      target.setKeyStorePassword("");
      target.setIncludeProtocols("TLSv1.3", "TLSv1.2");
      Path authority = options.clientAuthority();
      if (authority != null) {
        target.setTrustStore(PemFiles.trust(authority));
        factory.setNeedClientAuth(true);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new ServeException(
          Fault.of("TLS can't be set up: " + e.getMessage())
              .where(options.certificate() + ", " + options.key()),
          e);
    }
  }

  /** Reads the files again if they changed; what can't be used leaves all as it was. */
  synchronized void reloadIfChanged() {
    List<FileTime> now = times();
    if (now.equals(times)) {
      return;
    }
    times = now;
    try {
      factory.reload(this::fill);
      LOG.log(System.Logger.Level.INFO, "the TLS certificate was read again");
    } catch (Exception e) { // Jetty declares no less
      LOG.log(
          System.Logger.Level.WARNING, "the TLS certificate stays as it was: " + e.getMessage());
    }
  }

  private List<FileTime> times() {
    List<FileTime> out = new ArrayList<>();
    for (@Nullable Path file :
        new @Nullable Path[] {options.certificate(), options.key(), options.clientAuthority()}) {
      try {
        out.add(file == null ? FileTime.fromMillis(0) : Files.getLastModifiedTime(file));
      } catch (IOException e) {
        out.add(FileTime.fromMillis(-1)); // gone for the moment: it is being replaced
      }
    }
    return out;
  }
}
