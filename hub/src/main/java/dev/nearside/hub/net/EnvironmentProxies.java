package dev.nearside.hub.net;

import dev.nearside.hub.HubConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Picks the proxy as curl does: by the address's scheme, less the hosts of {@code NO_PROXY}. */
final class EnvironmentProxies extends ProxySelector {

  private final HubConfig.Network network;

  EnvironmentProxies(HubConfig.Network network) {
    this.network = network;
  }

  /** The proxy's own address for {@code uri}, or null for a direct connection. */
  @Nullable URI proxyOf(URI uri) {
    URI proxy = "https".equals(uri.getScheme()) ? network.httpsProxy() : network.httpProxy();
    return proxy == null || isDirect(uri.getHost()) ? null : proxy;
  }

  @Override
  public List<Proxy> select(URI uri) {
    URI proxy = proxyOf(uri);
    if (proxy == null) {
      return List.of(Proxy.NO_PROXY);
    }
    return List.of(
        new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), portOf(proxy))));
  }

  /** The failure itself reaches the caller of the request; nothing to do here. */
  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {}

  static int portOf(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equals(uri.getScheme()) ? 443 : 80;
  }

  private boolean isDirect(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    // A loopback server is never behind a proxy.
    if (name.equals("localhost") || name.startsWith("127.") || name.equals("[::1]")) {
      return true;
    }
    for (String rule : network.noProxy().toLowerCase(Locale.ROOT).split("[,\\s]+")) {
      String bare = rule.startsWith("*.") ? rule.substring(1) : rule;
      if (bare.isEmpty()) {
        continue;
      }
      String domain = bare.startsWith(".") ? bare : "." + bare;
      if (bare.equals("*") || name.equals(bare) || ("." + name).endsWith(domain)) {
        return true;
      }
    }
    return false;
  }
}
