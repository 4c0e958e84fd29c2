import type { ChatRequest, WireMessage } from '../api/openai';
import type { Message, Parameters } from './types';

/** The request for a reply to `messages`, which are one path of a chat. */
export function toRequest(
  model: string,
  system: string,
  messages: readonly Message[],
  parameters: Parameters,
): ChatRequest {
  const wire = messages.filter((message) => !isEmptyReply(message)).map(toWire);
  return {
    model,
    messages: system.trim() === '' ? wire : [{ role: 'system', content: system }, ...wire],
    ...toWireParameters(parameters),
  };
}

/** A reply that failed before its first word is none that a model should see. */
function isEmptyReply(message: Message): boolean {
  return (
    message.role === 'assistant' && message.content === '' && (message.calls ?? []).length === 0
  );
}

function toWire(message: Message): WireMessage {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: message.content };
    case 'tool':
      return { role: 'tool', tool_call_id: message.callId ?? '', content: message.content };
    case 'assistant': {
      const calls = message.calls ?? [];
      if (calls.length === 0) {
        return { role: 'assistant', content: message.content };
      }
      return {
        role: 'assistant',
        content: message.content === '' ? null : message.content,
        tool_calls: calls.map((call) => ({
          id: call.id,
          type: 'function',
          function: { name: call.name, arguments: call.arguments },
        })),
      };
    }
  }
}

function toWireParameters(p: Parameters): Partial<ChatRequest> {
  const fields = {
    temperature: p.temperature,
    top_p: p.topP,
    top_k: p.topK,
    min_p: p.minP,
    repeat_penalty: p.repeatPenalty,
    seed: p.seed,
    max_tokens: p.maxTokens,
    stop: p.stop && p.stop.length > 0 ? p.stop : undefined,
    chat_template_kwargs:
      p.thinking === 'on' || p.thinking === 'off'
        ? { enable_thinking: p.thinking === 'on' }
        : undefined,
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<ChatRequest>;
}
