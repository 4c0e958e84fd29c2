package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.JsonKeys;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import java.util.List;
import java.util.Optional;

/**
 * Llama 3 and 4: a bare JSON object with {@code parameters}; calls of built-in tools after {@code
 * <|python_tag|>}, or code; calls as in Python.
 */
final class Llama implements Family {
  private static final CallPart OBJECT =
      new CallPart.JsonCalls(new JsonKeys("name", "parameters", null, false), false);
  private static final CallPart.Literal TAG = new CallPart.Literal("<|python_tag|>");

  private static final ReplyFormat FORMAT =
      ReplyFormat.of(
          "llama-3",
          CallSyntax.atStart(OBJECT).joinedBy("; "),
          CallSyntax.marked(TAG, OBJECT).after(""),
          CallSyntax.marked(TAG, new CallPart.PythonCalls("")).after(""),
          CallSyntax.marked(
                  TAG, new CallPart.Code(List.of("python", "ipython", "code_interpreter")))
              .after(""),
          CallSyntax.atStart(new CallPart.PythonCalls("")),
          Functionary.TAG);

  @Override
  public Optional<ReplyFormat> detect(String template) {
    boolean isLlama3 =
        template.contains("<|start_header_id|>")
            && (template.contains("<|python_tag|>") || template.contains("\"parameters\": "));
    boolean isLlama4 =
        template.contains("<|header_start|>") && template.contains("<|python_start|>");
    return Family.when(isLlama3 || isLlama4, FORMAT);
  }
}
