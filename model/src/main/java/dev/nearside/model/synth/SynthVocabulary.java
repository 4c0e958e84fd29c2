package dev.nearside.model.synth;

import dev.nearside.base.Fault;
import dev.nearside.format.MetaValue;
import dev.nearside.format.gguf.GgufWriter;
import dev.nearside.model.ModelException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A byte-level BPE vocabulary of any size that encodes any text: 256 bytes, merges for the most
 * common English words, tokens that fill up (no merge makes them, but a random model says them),
 * and the special tokens of ChatML.
 */
record SynthVocabulary(List<String> tokens, int[] types, List<String> merges) {
  static final String CHAT_TEMPLATE =
      "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content']"
          + " + '<|im_end|>' + '\\n' }}{% endfor %}"
          + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

  private static final int BYTES = 256;
  private static final int NORMAL = 1;
  private static final int CONTROL = 3;
  private static final List<String> SPECIALS =
      List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");

  private static final String WORDS =
      """
      the be to of and a in that have it for not on with he as you do at this but his by from they
      we say her she or an will my one all would there their what so up out if about who get which
      go me when make can like time no just him know take people into year your good some could
      them see other than then now look only come its over think also back after use two how our
      work first well way even new want because any these give day most us is are was were has had
      """;

  /**
   * @throws ModelException when {@code size} has no room for the bytes and the special tokens
   */
  static SynthVocabulary of(int size) {
    if (size < BYTES + SPECIALS.size()) {
      throw new ModelException(
          Fault.of("vocabulary is too small")
              .got(size)
              .expected("at least " + (BYTES + SPECIALS.size())));
    }
    Set<String> tokens = new LinkedHashSet<>();
    for (int b = 0; b < BYTES; b++) {
      tokens.add(String.valueOf(byteText(b)));
    }
    List<String> merges = addWords(tokens, size - SPECIALS.size());
    for (int i = 0; tokens.size() < size - SPECIALS.size(); i++) {
      tokens.add(byteText(' ') + "w" + i);
    }
    int[] types = new int[size];
    for (int i = 0; i < size; i++) {
      types[i] = i < tokens.size() ? NORMAL : CONTROL;
    }
    tokens.addAll(SPECIALS);
    return new SynthVocabulary(List.copyOf(tokens), types, List.copyOf(merges));
  }

  // Each word with a space before it, letter by letter: "Ġ t", "Ġt h", "Ġth e".
  private static List<String> addWords(Set<String> tokens, int room) {
    List<String> merges = new ArrayList<>();
    for (String word : WORDS.strip().split("\\s+")) {
      String left = String.valueOf(byteText(' '));
      for (int i = 0; i < word.length() && tokens.size() < room; i++) {
        String right = word.substring(i, i + 1);
        if (tokens.add(left + right)) {
          merges.add(left + " " + right);
        }
        left += right;
      }
    }
    return merges;
  }

  /** How byte-level BPE writes a byte: printable characters stand for themselves. */
  static char byteText(int b) {
    int others = 0;
    for (int i = 0; i <= b; i++) {
      boolean isPrintable = (i > ' ' && i < 127) || (i > 160 && i != 173);
      if (!isPrintable) {
        others++;
      } else if (i == b) {
        return (char) b;
      }
    }
    return (char) (BYTES + others - 1);
  }

  /** Writes the vocabulary as GGUF has it. */
  void put(GgufWriter writer) {
    int end = tokens.size() - 1;
    int text = tokens.size() - SPECIALS.size();
    writer.put("tokenizer.ggml.model", "gpt2");
    writer.put("tokenizer.ggml.pre", "qwen2");
    writer.put("tokenizer.ggml.tokens", MetaValue.strings(tokens));
    writer.put("tokenizer.ggml.token_type", MetaValue.int32s(types));
    writer.put("tokenizer.ggml.merges", MetaValue.strings(merges));
    writer.put("tokenizer.ggml.bos_token_id", MetaValue.uint32(text));
    writer.put("tokenizer.ggml.eos_token_id", MetaValue.uint32(end));
    writer.put("tokenizer.ggml.padding_token_id", MetaValue.uint32(text));
    writer.put("tokenizer.ggml.add_bos_token", MetaValue.of(false));
    writer.put("tokenizer.chat_template", CHAT_TEMPLATE);
  }
}
