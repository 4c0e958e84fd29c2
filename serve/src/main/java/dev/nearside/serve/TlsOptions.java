package dev.nearside.serve;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the server proves who it is.
 *
 * @param certificate PEM: the server's certificate, then those that vouch for it
 * @param key PEM: its private key in PKCS #8, not encrypted
 * @param clientAuthority PEM: certificates one of which must vouch for each client; null = clients
 *     need none
 */
public record TlsOptions(Path certificate, Path key, @Nullable Path clientAuthority) {}
