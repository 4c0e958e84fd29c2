package dev.nearside.serve.http;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadPendingException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The end of an HTTP/1.1 connection, which can be watched for the client's leaving.
 *
 * <p>While a request is answered nothing reads from its connection, so that nobody learns that the
 * client has gone until something is written. A watch reads ahead: what comes (the next request, of
 * a client that does not wait) is kept for the connection; the stream's end, or a failure, is the
 * client's leaving. A client that closes only its sending half counts as gone too: no client of
 * HTTP does that and waits for the answer.
 */
final class WatchedEndPoint implements EndPoint, EndPoint.Wrapper {
  /** More than that is not read ahead; the watch then ends. */
  private static final int MAX_AHEAD = 16 << 10;

  private final EndPoint inner;

  // All below is guarded by this.
  private @Nullable Runnable onGone;
  private @Nullable Callback waiting; // the connection's, while the watch is the one registered
  private boolean isRegistered;
  private boolean isAtEnd;
  private @Nullable Throwable failure;
  private ByteBuffer ahead = BufferUtil.EMPTY_BUFFER;
  private boolean isHeadDue = true;
  private long headSinceNanos; // when the head's first bytes came; 0 = none did

  WatchedEndPoint(EndPoint inner) {
    this.inner = inner;
  }

  /**
   * Begins a watch; the request's body must have been read to its end.
   *
   * @param gone called once, on any thread, when the client goes; not after {@link #unwatch}
   */
  void watch(Runnable gone) {
    boolean isGone;
    synchronized (this) {
      onGone = gone;
      isGone = isAtEnd;
      if (!isGone && !isRegistered) {
        isRegistered = inner.tryFillInterested(new Watch());
      }
    }
    if (isGone) {
      leave();
    }
  }

  /** Ends a watch. What was read ahead stays for the next request. */
  synchronized void unwatch() {
    onGone = null;
    isHeadDue = true;
  }

  /** The request's head is whole. */
  synchronized void headRead() {
    isHeadDue = false;
    headSinceNanos = 0;
  }

  /** Closes the connection if a head has been on its way for longer than that. */
  void closeIfSlow(long nowNanos, long maxNanos) {
    synchronized (this) {
      if (headSinceNanos == 0 || nowNanos - headSinceNanos < maxNanos) {
        return;
      }
      headSinceNanos = 0;
    }
    inner.close(new IOException("the request's head took too long"));
  }

  private void leave() {
    Runnable gone;
    synchronized (this) {
      gone = onGone;
      onGone = null;
    }
    if (gone != null) {
      gone.run();
    }
  }

  /** What is called when there is something to read, or will never be. */
  private final class Watch implements Callback {
    @Override
    public void succeeded() {
      Callback next;
      boolean isGone;
      synchronized (WatchedEndPoint.this) {
        isRegistered = false;
        readAhead();
        isGone = isAtEnd;
        next = waiting;
        waiting = null;
        boolean isQuiet = !isGone && !ahead.hasRemaining();
        if (isQuiet && next != null) {
          inner.fillInterested(next); // nothing came after all: the connection waits by itself
          next = null;
        } else if (next == null && !isGone && onGone != null && ahead.remaining() < MAX_AHEAD) {
          isRegistered = inner.tryFillInterested(this);
        }
      }
      if (isGone) {
        leave();
      }
      if (next != null) {
        next.succeeded();
      }
    }

    @Override
    public void failed(Throwable x) {
      Callback next;
      synchronized (WatchedEndPoint.this) {
        isRegistered = false;
        next = waiting;
        waiting = null;
      }
      if (!inner.isOpen()) {
        leave();
      }
      if (next != null) {
        next.failed(x);
      }
    }
  }

  // With the lock.
  private void readAhead() {
    try {
      ByteBuffer more = BufferUtil.allocate(MAX_AHEAD - ahead.remaining());
      int n = inner.fill(more);
      if (n < 0) {
        isAtEnd = true;
      } else if (n > 0) {
        ByteBuffer both = ByteBuffer.allocate(ahead.remaining() + n);
        ahead = both.put(ahead).put(more).flip();
      }
    } catch (IOException e) {
      isAtEnd = true;
      failure = e;
    }
  }

  @Override
  public synchronized int fill(ByteBuffer buffer) throws IOException {
    int n;
    if (ahead.hasRemaining()) {
      n = BufferUtil.append(buffer, ahead);
    } else if (failure instanceof IOException e) {
      throw e;
    } else {
      n = isAtEnd ? -1 : inner.fill(buffer);
    }
    if (n > 0 && isHeadDue && headSinceNanos == 0) {
      headSinceNanos = Math.max(1, System.nanoTime());
    }
    return n;
  }

  @Override
  public void fillInterested(Callback callback) {
    if (!tryFillInterested(callback)) {
      throw new ReadPendingException();
    }
  }

  @Override
  public boolean tryFillInterested(Callback callback) {
    synchronized (this) {
      if (!ahead.hasRemaining() && !isAtEnd) {
        if (!isRegistered) {
          return inner.tryFillInterested(callback);
        }
        if (waiting != null) {
          return false;
        }
        waiting = callback;
        return true;
      }
    }
    callback.succeeded();
    return true;
  }

  @Override
  public synchronized boolean isFillInterested() {
    return waiting != null || (!isRegistered && inner.isFillInterested());
  }

  @Override
  public EndPoint unwrap() {
    return inner;
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return inner.getLocalSocketAddress();
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return inner.getRemoteSocketAddress();
  }

  @Override
  public boolean isOpen() {
    return inner.isOpen();
  }

  @Override
  public long getCreatedTimeStamp() {
    return inner.getCreatedTimeStamp();
  }

  @Override
  public void shutdownOutput() {
    inner.shutdownOutput();
  }

  @Override
  public boolean isOutputShutdown() {
    return inner.isOutputShutdown();
  }

  @Override
  public boolean isInputShutdown() {
    return inner.isInputShutdown();
  }

  @Override
  public void close(@Nullable Throwable cause) {
    inner.close(cause);
  }

  @Override
  public boolean flush(ByteBuffer... buffers) throws IOException {
    return inner.flush(buffers);
  }

  @Override
  public Object getTransport() {
    return inner.getTransport();
  }

  @Override
  public long getIdleTimeout() {
    return inner.getIdleTimeout();
  }

  @Override
  public void setIdleTimeout(long millis) {
    inner.setIdleTimeout(millis);
  }

  @Override
  public void write(Callback callback, ByteBuffer... buffers) {
    inner.write(callback, buffers);
  }

  @Override
  public void write(boolean last, ByteBuffer buffer, Callback callback) {
    inner.write(last, buffer, callback);
  }

  @Override
  public Callback cancelWrite(Throwable cause) {
    return inner.cancelWrite(cause);
  }

  @Override
  public Connection getConnection() {
    return inner.getConnection();
  }

  @Override
  public void setConnection(Connection connection) {
    inner.setConnection(connection);
  }

  @Override
  public void onOpen() {
    inner.onOpen();
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    inner.onClose(cause);
  }

  @Override
  public void upgrade(Connection connection) {
    inner.upgrade(connection);
  }

  @Override
  public @Nullable SslSessionData getSslSessionData() {
    return inner.getSslSessionData();
  }

  @Override
  public boolean isSecure() {
    return inner.isSecure();
  }
}
