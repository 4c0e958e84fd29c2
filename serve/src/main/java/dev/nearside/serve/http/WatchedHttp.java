package dev.nearside.serve.http;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;

/** HTTP/1.1 whose connections can be watched for the client's leaving. */
public final class WatchedHttp extends HttpConnectionFactory {
  public WatchedHttp(HttpConfiguration configuration) {
    super(configuration);
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    return super.newConnection(connector, new WatchedEndPoint(endPoint));
  }

  /** Closes the connection if the head of a request has been on its way for too long. */
  public static void closeIfSlow(Connection connection, long nowNanos, long maxNanos) {
    if (connection.getEndPoint() instanceof WatchedEndPoint watched) {
      watched.closeIfSlow(nowNanos, maxNanos);
    }
  }
}
