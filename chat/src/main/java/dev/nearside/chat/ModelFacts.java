package dev.nearside.chat;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a loaded model is and can do.
 *
 * @param name under which it was asked for
 * @param architecture GGUF's name of the architecture
 * @param parameters number of weights
 * @param quantization as files are named, such as {@code Q4_K_M}; empty when unknown
 * @param contextLength positions of one sequence
 * @param embeddingLength width of the residual stream
 * @param template the chat template's source, or null without one
 */
public record ModelFacts(
    String name,
    String architecture,
    long parameters,
    String quantization,
    int contextLength,
    int embeddingLength,
    @Nullable String template,
    Set<Ability> abilities) {
  /** What models may be able to do. */
  public enum Ability {
    /** Answers chats: it has a template. */
    CHAT,
    /** Continues texts. */
    COMPLETION,
    /** Its template takes tools. */
    TOOLS,
    /** Writes its thoughts before the answer, or can be asked to. */
    THINKING,
    /** Fills gaps. */
    INFILL,
    /** Turns texts into vectors. */
    EMBEDDING,
    /** Scores documents against a query. */
    RERANK
  }

  public ModelFacts {
    abilities = Set.copyOf(abilities);
  }

  public boolean can(Ability ability) {
    return abilities.contains(ability);
  }
}
