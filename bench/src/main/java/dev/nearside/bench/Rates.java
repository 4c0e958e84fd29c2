package dev.nearside.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What is done in a second, besides calls. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Rates {
  /** Multiplications and additions, in 10⁹. */
  public double gflop;

  /** Bytes of weights as their file holds them, or of keys and values, in 10⁹. */
  public double gbyte;
}
