package dev.nearside.hub.net;

import dev.nearside.base.Fault;
import dev.nearside.hub.HubException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The JDK's certificate authorities and those of a PEM file, as one TLS context. */
final class TrustStore {

  private static final Pattern PEM =
      Pattern.compile("-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END [A-Z ]+-----");

  private TrustStore() {}

  static SSLContext contextWith(Path caFile) {
    try {
      KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      int count = 0;
      for (TrustManager manager : managers(null)) {
        if (manager instanceof X509TrustManager x509) {
          for (Certificate certificate : x509.getAcceptedIssuers()) {
            all.setCertificateEntry("jdk-" + count++, certificate);
          }
        }
      }
      for (Certificate certificate : read(caFile)) {
        all.setCertificateEntry("own-" + count++, certificate);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(all), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new HubException(
          Fault.of("the file of certificate authorities cannot be used")
              .got(String.valueOf(e.getMessage()))
              .where(caFile)
              .hint("NEARSIDE_CA_FILE or SSL_CERT_FILE names it"),
          e);
    }
  }

  private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static List<Certificate> read(Path caFile) throws IOException, CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    String text = Files.readString(caFile, StandardCharsets.ISO_8859_1);
    List<Certificate> certificates = new ArrayList<>();
    CertificateException last = null;
    for (Matcher block = PEM.matcher(text); block.find(); ) {
      byte[] bytes = block.group().getBytes(StandardCharsets.ISO_8859_1);
      try {
        certificates.add(factory.generateCertificate(new ByteArrayInputStream(bytes)));
      } catch (CertificateException e) {
        // System bundles carry the odd certificate that the JDK refuses; the others still count.
        last = e;
      }
    }
    if (certificates.isEmpty()) {
      throw new CertificateException("no usable PEM certificate in it", last);
    }
    return certificates;
  }
}
