package dev.nearside.engine.parse;

import java.util.List;

/** Templates reduced to the words that tell their families. */
public final class Templates {
  /** One for each family and its variants. */
  public static final List<String> ALL =
      List.of(
          "",
          "<tool_call>",
          "<tool_call><function=<parameter=",
          "<arg_key>",
          "[TOOL_CALLS]",
          "[TOOL_CALLS][ARGS][THINK]",
          "<|start_header_id|><|python_tag|>",
          "tool▁call▁begin```json",
          "tool▁call▁begin",
          "DSML function_calls",
          "<|tool_call>call:",
          "<start_function_call>",
          "<start_of_turn>",
          "<|tool|><|end|><|assistant|>",
          "<|start_of_role|><|tool_call|>",
          "<|channel|><|message|>analysis",
          "<|tool_call_argument_begin|>",
          "<|open|><|close|><|sep|>",
          "<|START_ACTION|>",
          "<minimax:tool_call>",
          "]<]minimax[>[",
          "<function name=\"<param name=\"",
          "<|tool_call_start|>",
          "<|tools_prefix|>",
          ">>>${recipient}",
          "<seed:tool_call>");

  private Templates() {}
}
