import { ApiError } from '../../../main/ui/src/api/errors';
import { read } from '../../../main/ui/src/api/openai';
import { newMessage } from '../../../main/ui/src/chat/create';
import { FIELDS, parseField } from '../../../main/ui/src/chat/fields';
import { ReplyBuilder } from '../../../main/ui/src/chat/reply';
import { toRequest } from '../../../main/ui/src/chat/request';

function builder(times: number[] = [0]): ReplyBuilder {
  let next = 0;
  return new ReplyBuilder(newMessage('assistant', 'u', ''), () => times[Math.min(next++, times.length - 1)] ?? 0);
}

function accept(to: ReplyBuilder, ...chunks: unknown[]): void {
  chunks.flatMap((chunk) => [...read(JSON.stringify(chunk))]).forEach((part) => to.accept(part));
}

const delta = (value: unknown, reason: string | null = null) => ({
  choices: [{ index: 0, delta: value, finish_reason: reason }],
});

describe('ReplyBuilder', () => {
  test('textAndReasoning_areKeptApart', () => {
    const reply = builder();
    accept(reply, delta({ role: 'assistant', content: '' }), delta({ reasoning_content: 'a' }),
      delta({ reasoning_content: 'b' }), delta({ content: 'c' }), delta({ content: 'd' }, 'stop'));
    expect(reply.message).toMatchObject({ reasoning: 'ab', content: 'cd', finish: 'stop' });
  });

  test('parallelCalls_interleaved_areJoinedByIndex', () => {
    const reply = builder();
    const call = (index: number, fields: object) => delta({ tool_calls: [{ index, ...fields }] });
    accept(reply,
      call(0, { id: 'x', function: { name: 'f', arguments: '' } }),
      call(1, { id: 'y', function: { name: 'g', arguments: '{"a' } }),
      call(0, { function: { arguments: '{}' } }),
      call(1, { function: { arguments: '":1}' } }),
      delta({}, 'tool_calls'));
    expect(reply.message.calls).toEqual([
      { id: 'x', name: 'f', arguments: '{}' },
      { id: 'y', name: 'g', arguments: '{"a":1}' },
    ]);
  });

  test('call_withAHugeIndex_costsNoMemory', () => {
    const reply = builder();
    accept(reply, delta({ tool_calls: [{ index: 1e9, function: { name: 'f', arguments: '{}' } }] }));
    expect(reply.message.calls?.length).toBeLessThan(200);
  });

  test('numbersOfTheServer_replaceThoseMeasured', () => {
    const reply = builder([0, 100, 600, 1100, 1100]);
    accept(reply, delta({ content: 'a' }), delta({ content: 'b' }), delta({ content: 'c' }));
    expect(reply.message.stats).toEqual({ completionTokens: 3, ttftMillis: 100, totalMillis: 1100, tokensPerSecond: 2 });
    accept(reply, {
      choices: [],
      usage: { prompt_tokens: 50, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 40 } },
      timings: { predicted_per_second: 33.5, ttft_ms: 80 },
    });
    expect(reply.message.stats).toMatchObject({
      promptTokens: 50, cachedTokens: 40, completionTokens: 7, tokensPerSecond: 33.5, ttftMillis: 80,
    });
  });

  test('usage_withoutTimings_keepsWhatWasMeasured', () => {
    const reply = builder([0, 250, 250]);
    accept(reply, delta({ content: 'a' }), { choices: [], usage: { prompt_tokens: 5, completion_tokens: 1 } });
    expect(reply.message.stats).toMatchObject({ ttftMillis: 250, promptTokens: 5, cachedTokens: 0 });
  });

  test('failure_keepsWhatCame', () => {
    const reply = builder();
    accept(reply, delta({ content: 'half' }));
    reply.failed(new ApiError('busy', 'full', 503, 7));
    expect(reply.message).toMatchObject({ content: 'half', failure: { kind: 'busy', retryAfter: 7 } });
  });
});

describe('read', () => {
  test.each(['nonsense', '[]', '"x"', 'null'])('%s_isAnErrorOfTheStream', (data) => {
    expect(() => [...read(data)]).toThrow(ApiError);
  });

  test('errorEvent_isThrownWithItsMessage', () => {
    expect(() => [...read('{"error":{"message":"out of blocks"}}')]).toThrow('out of blocks');
  });

  test.each(['{}', '{"choices":[]}', '{"choices":[{}]}', '{"choices":[{"delta":null}]}',
    '{"choices":[{"delta":{"content":5,"tool_calls":"x"}}]}', '{"usage":null}'])('%s_saysNothing', (data) => {
    expect([...read(data)]).toEqual([]);
  });
});

describe('toRequest', () => {
  test('onlyWhatIsSet_isSent', () => {
    expect(toRequest('m', '  ', [newMessage('user', null, 'hi')], {})).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
    });
  });

  test('allParameters_haveTheirNames', () => {
    const request = toRequest('m', 'be kind', [], {
      temperature: 0, topP: 0.9, topK: 0, minP: 0.1, repeatPenalty: 1.1, seed: 0, maxTokens: 5,
      stop: ['x'], thinking: 'off',
    });
    expect(request).toEqual({
      model: 'm', messages: [{ role: 'system', content: 'be kind' }], temperature: 0, top_p: 0.9, top_k: 0,
      min_p: 0.1, repeat_penalty: 1.1, seed: 0, max_tokens: 5, stop: ['x'],
      chat_template_kwargs: { enable_thinking: false },
    });
  });

  test('callsAndResults_goBackAsTheyCame', () => {
    const call = { ...newMessage('assistant', null, ''), calls: [{ id: 'c', name: 'f', arguments: '{"a":1}' }] };
    const result = { ...newMessage('tool', call.id, '21'), callId: 'c' };
    expect(toRequest('m', '', [call, result], {}).messages).toEqual([
      { role: 'assistant', content: null, tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }] },
      { role: 'tool', tool_call_id: 'c', content: '21' },
    ]);
  });

  test('replyThatFailedBeforeItsFirstWord_isLeftOut', () => {
    const messages = [newMessage('user', null, 'a'), newMessage('assistant', 'x', ''), newMessage('user', 'y', 'b')];
    expect(toRequest('m', '', messages, {}).messages.map((message) => message.content)).toEqual(['a', 'b']);
  });
});

test('parseField_boundsAndKinds', () => {
  const field = (name: string) => FIELDS.find((one) => one.name === name)!;
  expect(parseField(field('temperature'), '0,7')).toBe(0.7);
  expect(parseField(field('temperature'), '9')).toBe(2);
  expect(parseField(field('topP'), '-1')).toBe(0);
  expect(parseField(field('topK'), '39.6')).toBe(40);
  expect(parseField(field('seed'), ' ')).toBeUndefined();
  expect(parseField(field('seed'), 'x')).toBeUndefined();
  expect(parseField(field('seed'), 'Infinity')).toBeUndefined();
});
