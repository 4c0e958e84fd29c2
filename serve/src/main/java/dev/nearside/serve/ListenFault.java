package dev.nearside.serve;

import dev.nearside.base.Fault;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;

/** Why a server can't listen, in words that tell what to do. */
final class ListenFault {
  private ListenFault() {}

  static Fault of(Throwable failure, ServerOptions options) {
    String address = options.host() + ":" + options.port();
    for (Throwable why = failure; why != null; why = why.getCause()) {
      switch (why) {
        case UnresolvedAddressException unresolved -> {
          return unknown(options);
        }
        case UnknownHostException unknown -> {
          return unknown(options);
        }
        case BindException bind -> {
          return bound(String.valueOf(bind.getMessage()).toLowerCase(Locale.ROOT), address);
        }
        default -> {}
      }
    }
    return Fault.of("the server can't listen")
        .got(String.valueOf(failure.getMessage()))
        .where(address);
  }

  private static Fault unknown(ServerOptions options) {
    return Fault.of("the server can't listen: there is no such host")
        .got(options.host())
        .hint("An address of this machine is needed, such as 127.0.0.1; 0.0.0.0 is all of them.");
  }

  private static Fault bound(String reason, String address) {
    if (reason.contains("cannot assign")) {
      return Fault.of("the server can't listen: this machine has no such address")
          .got(address)
          .hint("127.0.0.1 is for this machine alone; 0.0.0.0 is all of its addresses.");
    }
    if (reason.contains("in use")) {
      return Fault.of("the server can't listen: the port is taken")
          .got(address)
          .hint("Stop the program that has it, or choose another with --port.");
    }
    return Fault.of("the server can't listen").got(reason).where(address);
  }
}
