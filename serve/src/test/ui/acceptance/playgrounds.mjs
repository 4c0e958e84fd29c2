import assert from 'node:assert/strict';
import { chooseModel, lastReply, limitTokens, replyEnds } from './actions.mjs';
import { REPLY_MILLIS } from './world.mjs';

/** Whatever the model, the output is a document of the schema; a broken schema is told, not sent. */
export async function schemaIsHonoured(world) {
  const page = await world.page({ at: '/#/schema' });
  await chooseModel(page, world.model);
  const editor = page.locator('[data-test=json-schema]');
  const example = await editor.inputValue();
  await editor.fill('{\n  "type": \n}');
  await page.locator('[data-test=json-schema-fault]', { hasText: 'Line 3, column 1' }).waitFor();
  assert.ok(await page.locator('[data-test=schema-run]').isDisabled());
  await editor.fill(example);
  await run(page);
  const person = JSON.parse(await page.locator('schema-output pre').innerText());
  assert.deepEqual(Object.keys(person).sort(), ['age', 'city', 'name']);
  assert.ok(Number.isInteger(person.age));

  await editor.fill('{"enum": ["red", "green", "blue"]}');
  await page.locator('[data-test=schema-prompt]').fill('Which colour has grass?');
  await run(page);
  assert.ok(['red', 'green', 'blue'].includes(JSON.parse(await page.locator('schema-output pre').innerText())));
}

async function run(page) {
  await page.locator('[data-test=schema-run]').click();
  const verdict = page.locator('[data-test=verdict]');
  const failure = page.locator('[data-test=schema-failure]');
  await verdict.or(failure).waitFor({ timeout: REPLY_MILLIS });
  assert.equal(await failure.count(), 0, await page.locator('schema-output').innerText());
  assert.equal(await verdict.getAttribute('data-verdict'), 'valid');
}

/** The model must call the tool; the call is shown; a result is filled in and the model goes on. */
export async function toolIsCalled(world) {
  const page = await world.page({ at: '/#/tools' });
  await limitTokens(page, 160);
  await chooseModel(page, world.model);
  const editor = page.locator('[data-test=json-tools]');
  const example = await editor.inputValue();
  await editor.fill('[{"description": "no name"}]');
  await page.locator('[data-test=json-tools-fault]', { hasText: 'has no name' }).waitFor();
  await editor.fill(example);
  for (const choice of ['required', 'function:get_weather']) {
    await page.locator('[data-test=tool-choice]').selectOption(choice);
    await page.locator('[data-test=tools-suggestion]').click();
    const call = page.locator('[data-test=tool-call]').first();
    await replyEnds(page);
    assert.equal(await lastReply(page).locator('.failure').count(), 0, await lastReply(page).innerText());
    assert.ok((await call.count()) > 0, `no call: ${await lastReply(page).innerText()}`);
    assert.match(await call.locator('.tool-head').innerText(), /get_weather/);
    const passed = JSON.parse(await call.locator('pre').innerText());
    assert.equal(typeof passed.city, 'string');
    assert.ok(['celsius', 'fahrenheit'].includes(passed.unit));
    await page.locator('[data-test=tool-result]').first().fill('{"temperature": 21, "sky": "clear"}');
    const [request] = await Promise.all([
      page.waitForRequest((one) => one.url().endsWith('/v1/chat/completions')),
      page.locator('[data-test=tool-continue]').click(),
    ]);
    const { messages } = request.postDataJSON();
    // The model may call the tool more than once: every call has its result, in the calls' order.
    const [question, reply, ...results] = messages;
    assert.deepEqual([question.role, reply.role], ['user', 'assistant']);
    assert.ok(results.every((message) => message.role === 'tool'));
    assert.deepEqual(
      results.map((message) => message.tool_call_id),
      reply.tool_calls.map((one) => one.id),
    );
    const stop = page.locator('[data-test=stop]');
    await stop.waitFor({ state: 'detached', timeout: REPLY_MILLIS });
    assert.equal(await lastReply(page).locator('.failure').count(), 0);
    await page.locator('[data-test=tools-clear]').click();
  }
}
