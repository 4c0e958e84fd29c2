import { newMessage } from '../../../main/ui/src/chat/create';
import { SCHEMA_EXAMPLES, TOOLS_EXAMPLE } from '../../../main/ui/src/playground/examples';
import { judge, readSchema } from '../../../main/ui/src/playground/schema';
import { readTools, resultMessages, toChoice } from '../../../main/ui/src/playground/tools';

const PERSON = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 0 } },
  required: ['name', 'age'],
  additionalProperties: false,
};

test('judge_validDocument', () => {
  expect(judge(' {"name":"Ada","age":36} ', PERSON)).toEqual({ kind: 'valid', value: { name: 'Ada', age: 36 } });
});

test('judge_invalidDocument_tellsWhere', () => {
  const verdict = judge('{"name":"Ada","age":-1}', PERSON);
  expect(verdict.kind).toBe('invalid');
  expect(verdict.kind === 'invalid' && verdict.violations.map((one) => one.at)).toContain('/age');
});

test('judge_cutDocument_isBroken', () => {
  expect(judge('{"name":"Ad', PERSON).kind).toBe('broken');
});

test('judge_draft2020_prefixItemsAndLocalReferences', () => {
  const schema = { $defs: { n: { type: 'number' } }, prefixItems: [{ $ref: '#/$defs/n' }], items: false };
  expect(judge('[1]', schema).kind).toBe('valid');
  expect(judge('["x"]', schema).kind).toBe('invalid');
  expect(judge('[1,2]', schema).kind).toBe('invalid');
});

test('judge_referenceToNowhere_isTold', () => {
  expect(judge('1', { $ref: '#/$defs/none' }).kind).toBe('invalid');
});

test('readSchema_fault_tellsThePlace', () => {
  const draft = readSchema('{\n  "type": }');
  expect(draft.ok).toBe(false);
  expect(!draft.ok && draft.fault).toEqual({ key: 'json.value', values: { line: 2, column: 11 } });
  expect(readSchema('[]').ok).toBe(false);
  expect(readSchema('true').ok).toBe(true);
});

test.each(SCHEMA_EXAMPLES.map((example) => [example.id, example] as const))('example_%s_isASchema', (_, example) => {
  expect(readSchema(example.schema).ok).toBe(true);
});

test('readTools_wrappedOrBare_areTheSame', () => {
  const bare = { name: 'f', parameters: { type: 'object' } };
  const wrapped = { ok: true, names: ['f'], tools: [{ type: 'function', function: bare }] };
  expect(readTools(JSON.stringify([bare]))).toEqual(wrapped);
  expect(readTools(JSON.stringify(wrapped.tools))).toEqual(wrapped);
  expect(readTools(JSON.stringify(bare))).toEqual(wrapped);
  expect(readTools(TOOLS_EXAMPLE)).toMatchObject({ ok: true, names: ['get_weather'] });
});

test.each(['[{}]', '[5]', '[null]', '[{"name":"f"},{"name":"f"}]', '[{"name":""}]', '{'])('readTools_%s_isRefused', (text) => {
  expect(readTools(text).ok).toBe(false);
});

test('toChoice_allKinds', () => {
  expect(toChoice('auto')).toBe('auto');
  expect(toChoice('required')).toBe('required');
  expect(toChoice('none')).toBe('none');
  expect(toChoice('function:f')).toEqual({ type: 'function', function: { name: 'f' } });
});

test('resultMessages_callsWithTheSameId_keepTheirOwnResults', () => {
  const reply = {
    ...newMessage('assistant', null, ''),
    calls: [{ id: 'c', name: 'f', arguments: '' }, { id: 'c', name: 'g', arguments: '' }],
  };
  const results = new Map([[`${reply.id}/0`, 'one'], [`${reply.id}/1`, 'two']]);
  expect(resultMessages(reply, results).map((message) => message.content)).toEqual(['one', 'two']);
  expect(resultMessages(reply, new Map()).map((message) => message.content)).toEqual(['', '']);
});
