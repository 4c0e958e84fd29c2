// What the mock server's model says, by what it is asked.
import { json, pause } from './server.mjs';

const TABLE = `Here is a short comparison of **tea** and **coffee**.

| | Tea | Coffee |
|---|:--|--:|
| Caffeine per cup | 20–60 mg | 80–120 mg |
| Taste | light to malty | bitter, roasted |
| Brewing time | 2–5 min | 1–4 min |

Both are pleasant, and *both* are mostly water:

1. Tea keeps its leaves apart,
2. coffee grinds its beans.

\`\`\`python
def brew(drink: str, minutes: float = 3) -> str:
    """Says what to do."""
    if drink == "tea":
        return f"steep for {minutes} minutes"
    return "press slowly"  # and wait
\`\`\`

> Whatever you take, use fresh water. See [a link](https://example.org/).
`;

const HOSTILE = `<img src=x onerror="window.pwned=1"> <script>window.pwned=1</script>
[a](javascript:window.pwned=1) ![b](https://example.org/steal?q=1)
<svg onload="window.pwned=1"></svg>`;

function reply(body) {
  if (body.response_format) {
    const { schema } = body.response_format.json_schema;
    return { text: schema.enum ? JSON.stringify(schema.enum[0]) : '{"name":"Ada","age":36,"city":"London"}' };
  }
  const last = body.messages.at(-1);
  if (body.tools && body.tool_choice !== 'none' && last.role !== 'tool') {
    return { call: { name: body.tools[0].function.name, arguments: '{"city":"Paris","unit":"celsius"}' } };
  }
  if (last.role === 'tool') {
    return { text: `The tool says: ${last.content}` };
  }
  if (/hostile/.test(last.content)) {
    return { text: HOSTILE };
  }
  if (/long/.test(last.content)) {
    return { text: 'And so it goes on, word by word. '.repeat(200) };
  }
  const reasoning = body.model.startsWith('qwen3') ? 'The user wants a comparison. A table is best.' : undefined;
  return { text: TABLE, reasoning };
}

export async function completion(request, response, body, state) {
  const last = body.messages.at(-1)?.content ?? '';
  if (/fail with (\d+)/.test(last)) {
    const status = Number(/fail with (\d+)/.exec(last)[1]);
    response.setHeader('Retry-After', '7');
    return json(response, status, { error: { message: 'The server was asked to fail.', type: 'server_error' } });
  }
  const began = Date.now();
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  const send = (value) => response.write(`data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: body.model, ...value })}\n\n`);
  const delta = (value, reason = null) => send({ choices: [{ index: 0, delta: value, finish_reason: reason }] });
  await pause(state.delay * 8);
  const first = Date.now() - began;
  delta({ role: 'assistant', content: '' });
  const { text = '', reasoning = '', call } = reply(body);
  let pieces = 0;
  for (const [field, whole] of [['reasoning_content', reasoning], ['content', text]]) {
    for (const piece of whole.match(/\s*\S+\s?/g) ?? []) {
      if (response.destroyed) {
        return;
      }
      delta({ [field]: piece });
      pieces += 1;
      await pause(state.delay);
    }
  }
  if (call) {
    delta({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: call.name, arguments: '' } }] });
    for (const piece of call.arguments.match(/.{1,6}/g)) {
      delta({ tool_calls: [{ index: 0, function: { arguments: piece } }] });
      await pause(state.delay);
    }
  }
  delta({}, call ? 'tool_calls' : 'stop');
  const prompt = 30 + body.messages.length * 24;
  const cached = body.messages.length > 2 ? prompt - 24 : 0;
  const millis = Date.now() - began - first;
  send({
    choices: [],
    usage: { prompt_tokens: prompt, completion_tokens: pieces, total_tokens: prompt + pieces, prompt_tokens_details: { cached_tokens: cached } },
    timings: { prompt_n: prompt - cached, cached_n: cached, prompt_ms: first, predicted_n: pieces, predicted_ms: millis, predicted_per_second: (1000 * pieces) / Math.max(millis, 1), ttft_ms: first },
  });
  response.end('data: [DONE]\n\n');
}
