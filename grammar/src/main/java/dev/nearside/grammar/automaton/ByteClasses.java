package dev.nearside.grammar.automaton;

import java.util.BitSet;
import java.util.List;

/**
 * Bytes that no edge tells apart.
 *
 * @param classOf (256) the class of each byte
 */
record ByteClasses(byte[] classOf, int count) {
  static ByteClasses of(List<Nfa> nfas) {
    BitSet cuts = new BitSet(257);
    for (Nfa nfa : nfas) {
      for (int e = 0; e < nfa.edgeCount(); e++) {
        if (nfa.kind(e) == Nfa.Kind.BYTES) {
          cuts.set(nfa.a(e));
          cuts.set(nfa.b(e) + 1);
        }
      }
    }
    byte[] classOf = new byte[256];
    int count = 0;
    for (int b = 0; b < 256; b++) {
      if (b > 0 && cuts.get(b)) {
        count++;
      }
      classOf[b] = (byte) count;
    }
    return new ByteClasses(classOf, count + 1);
  }

  int of(int unsignedByte) {
    return classOf[unsignedByte] & 0xFF;
  }
}
