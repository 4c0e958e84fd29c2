package dev.nearside.tokenizer;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * The tokens with a role.
 *
 * @param roles ids by role; a role that the vocabulary lacks is absent
 * @param endOfGeneration the ids that end a reply, ascending: end of sequence, end of turn and what
 *     else the vocabulary has of that kind
 * @param addBos whether {@link EncodeOptions#addSpecial} puts the beginning token first
 * @param addEos whether it puts the end token last
 * @param addSep whether it puts the separator last (BERT)
 */
public record SpecialTokens(
    Map<SpecialRole, Integer> roles,
    List<Integer> endOfGeneration,
    boolean addBos,
    boolean addEos,
    boolean addSep) {

  public SpecialTokens {
    EnumMap<SpecialRole, Integer> copy = new EnumMap<>(SpecialRole.class);
    copy.putAll(roles);
    roles = java.util.Collections.unmodifiableMap(copy);
    endOfGeneration = List.copyOf(new TreeSet<>(endOfGeneration));
  }

  public OptionalInt id(SpecialRole role) {
    Integer id = roles.get(role);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  public OptionalInt bos() {
    return id(SpecialRole.BOS);
  }

  public OptionalInt eos() {
    return id(SpecialRole.EOS);
  }

  public OptionalInt eot() {
    return id(SpecialRole.EOT);
  }

  public OptionalInt unk() {
    return id(SpecialRole.UNK);
  }

  public OptionalInt sep() {
    return id(SpecialRole.SEP);
  }

  public OptionalInt pad() {
    return id(SpecialRole.PAD);
  }

  public boolean isEndOfGeneration(int id) {
    return endOfGeneration.contains(id);
  }
}
