import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { chatPage, chooseModel, composer, lastReply, limitTokens, replies, replyEnds, send, textOf } from './actions.mjs';
import { REPLY_MILLIS } from './world.mjs';

/** Two turns: the words stream in, the numbers of the reply are shown. */
export async function chatStreams(world) {
  const page = await chatPage(world);
  await send(page, 'Say hello in one short sentence.');
  assert.equal(await composer(page).inputValue(), '');
  await replyEnds(page);
  assert.notEqual(await textOf(lastReply(page)), '');
  const stats = lastReply(page).locator('[data-test=stats]');
  assert.match(await stats.locator('.speed').innerText(), /\d tok\/s/);
  assert.match(await stats.locator('.ttft').innerText(), /\d s/);
  assert.match(await stats.locator('.tokens').innerText(), /\d+ → \d+ tokens/);
  assert.match(page.url(), /#\/chat\/\w+/);
  await send(page, 'And goodbye.');
  await replyEnds(page);
  assert.equal(await replies(page).count(), 2);
  // The second turn begins with all of the first: what the server kept of it is shown.
  await lastReply(page).locator('.stat.cached').waitFor();
  assert.match(await page.locator('[data-test=user-message]').first().innerText(), /Say hello/);
}

/** "Stop" ends the reply at once, keeps what came, and the chat goes on. */
export async function replyIsStopped(world) {
  const page = await world.page();
  await chooseModel(page, world.model);
  const questions = [
    'Count from 1 to 1000, one number on each line.',
    'Write a very long story about a sailor and the moon, with many chapters.',
    'List two hundred animals with a sentence about each of them.',
  ];
  for (const question of questions) {
    await send(page, question);
    // The first words, and then the stop; a model may end before it, then the next question is tried.
    await page.waitForFunction(
      () => ([...document.querySelectorAll('[data-test=assistant-message] .markdown')].at(-1)?.textContent ?? '').trim().length > 3,
      undefined,
      { timeout: REPLY_MILLIS },
    );
    const stop = page.locator('[data-test=stop]');
    if ((await stop.count()) > 0) {
      await stop.click({ timeout: 5000 }).catch(() => undefined);
    }
    await replyEnds(page);
    if ((await lastReply(page).locator('[data-test=cancelled]').count()) > 0) {
      break;
    }
  }
  await lastReply(page).locator('[data-test=cancelled]').waitFor({ timeout: 1000 });
  const before = await textOf(lastReply(page));
  await page.waitForTimeout(1500);
  assert.equal(await textOf(lastReply(page)), before);
  await limitTokens(page, 8);
  await send(page, 'Thanks.');
  await replyEnds(page);
  assert.equal(await lastReply(page).locator('.failure').count(), 0);
}

/** Another reply and an edited question make branches; the switch goes between them. */
export async function branchesAreKept(world) {
  const page = await chatPage(world);
  await send(page, 'Name a colour.');
  await replyEnds(page);
  const first = await textOf(lastReply(page));
  await lastReply(page).locator('[data-test=regenerate]').click();
  await lastReply(page).locator('[data-test=branches]', { hasText: '2/2' }).waitFor();
  await replyEnds(page);
  await lastReply(page).locator('[data-test=branch-previous]').click();
  await lastReply(page).locator('[data-test=branches]', { hasText: '1/2' }).waitFor();
  assert.equal(await textOf(lastReply(page)), first);

  const question = page.locator('[data-test=user-message]').first();
  await question.hover();
  await question.locator('[data-test=edit]').click();
  await page.locator('[data-test=edit-text]').fill('Name an animal.');
  await page.locator('[data-test=edit-save]').click();
  await question.locator('[data-test=branches]', { hasText: '2/2' }).waitFor();
  await replyEnds(page);
  assert.match(await question.innerText(), /animal/);
  await question.locator('[data-test=branch-previous]').click();
  await page.locator('.bubble', { hasText: 'Name a colour.' }).waitFor();
  assert.equal(await textOf(lastReply(page)), first);
  await page.reload();
  await page.locator('.bubble', { hasText: 'Name a colour.' }).waitFor();
  assert.equal(await textOf(lastReply(page)), first);
}

/** Chats outlive the page; they are found, renamed, exported, deleted and imported. */
export async function chatsAreKept(world) {
  const page = await chatPage(world);
  await send(page, 'Zebra crossings are safe.');
  await replyEnds(page);
  const text = await textOf(lastReply(page));
  await page.waitForTimeout(1300);
  await page.reload();
  await lastReply(page).waitFor();
  assert.equal(await textOf(lastReply(page)), text);

  await page.locator('[data-test=new-chat]').click();
  await page.locator('.empty-chat').waitFor();
  await send(page, 'Second chat.');
  await replyEnds(page);
  const items = page.locator('chat-item');
  assert.equal(await items.count(), 2);
  await page.getByRole('searchbox').fill('zebra');
  assert.equal(await items.count(), 1);
  await page.getByRole('searchbox').fill('no such words');
  assert.equal(await items.count(), 0);
  await page.getByRole('searchbox').fill('');

  await items.first().hover();
  await items.first().getByRole('button', { name: /Rename/ }).click();
  await items.first().locator('input').fill('My own title');
  await items.first().locator('input').press('Enter');
  await page.locator('chat-item', { hasText: 'My own title' }).waitFor();

  await page.locator('[data-test=settings]').click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ]);
  const exported = await readFile(await file.path(), 'utf8');
  assert.equal(JSON.parse(exported).chats.length, 2);
  await page.getByRole('button', { name: 'Delete all' }).click();
  await page.locator('[data-test=confirm]').click();
  await items.first().waitFor({ state: 'detached' });
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Import' }).click(),
  ]);
  await chooser.setFiles({ name: 'chats.json', mimeType: 'application/json', buffer: Buffer.from(exported) });
  await page.locator('chat-item', { hasText: 'My own title' }).waitFor();
  assert.equal(await items.count(), 2);
  await page.keyboard.press('Escape');

  const mine = page.locator('chat-item', { hasText: 'My own title' });
  await mine.hover();
  await mine.getByRole('button', { name: /Delete/ }).click();
  await page.locator('[data-test=confirm]').click();
  await mine.waitFor({ state: 'detached' });
  assert.equal(await items.count(), 1);
}

/** A page that is left while a reply comes keeps all of it that was shown. */
export async function leavingKeepsAll(world) {
  const page = await world.page();
  await chooseModel(page, world.model);
  await send(page, 'Write a very long story about a sailor and the moon, with many chapters.');
  await page.waitForFunction(
    () => ([...document.querySelectorAll('[data-test=assistant-message] .markdown')].at(-1)?.textContent ?? '').length > 80,
    undefined,
    { timeout: REPLY_MILLIS },
  );
  const shown = await textOf(lastReply(page));
  await page.reload();
  await lastReply(page).waitFor();
  // The last word was perhaps shown as half of a mark.
  assert.ok((await textOf(lastReply(page))).startsWith(shown.slice(0, -10)));
}

/** The same chat in two tabs: each sees what the other says, nothing is lost, and it goes in both. */
export async function chatsAreShared(world) {
  const left = await chatPage(world);
  await send(left, 'Name a colour.');
  await replyEnds(left);
  const right = await world.tab(left);
  await send(left, 'And another one.');
  await replyEnds(left);
  await right.locator('.bubble', { hasText: 'And another one.' }).waitFor();
  const said = await textOf(lastReply(left));
  await right.waitForFunction(
    (text) => [...document.querySelectorAll('markdown-view')].at(-1)?.innerText.trim() === text,
    said,
  );
  // At once: by chance the second follows the first, or both become branches.
  await Promise.all([send(left, 'Said on the left.'), send(right, 'Said on the right.')]);
  await Promise.all([replyEnds(left), replyEnds(right)]);
  await left.waitForTimeout(1300);
  for (const page of [left, right]) {
    const kept = await page.evaluate(keptMessages);
    assert.equal(kept.length, 8);
    assert.ok(kept.includes('Said on the left.') && kept.includes('Said on the right.'));
  }
  await left.locator('chat-item').hover();
  await left.locator('chat-item').getByRole('button', { name: /Delete/ }).click();
  await left.locator('[data-test=confirm]').click();
  await right.locator('.empty-chat').waitFor();
  assert.equal(await right.locator('chat-item').count(), 0);
  assert.deepEqual(await right.evaluate(keptMessages), []);
}

/** In the page: the words of all messages that its database holds. */
function keptMessages() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('nearside');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const reading = opening.result.transaction('chats').objectStore('chats').getAll();
      reading.onsuccess = () => {
        opening.result.close();
        resolve(reading.result.flatMap((chat) => Object.values(chat.messages).map((message) => message.content)));
      };
    };
  });
}

/** What the panel holds is in the request. */
export async function parametersAreSent(world) {
  const page = await world.page();
  await chooseModel(page, world.model);
  await page.locator('[data-test=parameters]').click();
  await page.locator('[data-test=system]').fill('You are a parrot.');
  const values = { temperature: '0.5', topP: '0.9', topK: '30', minP: '0.05', repeatPenalty: '1.1', seed: '7', maxTokens: '12' };
  for (const [name, value] of Object.entries(values)) {
    await page.locator(`#parameter-${name}`).fill(value);
  }
  await page.getByLabel('Stop at').fill('STOP\nHALT');
  await page.getByLabel('Stop at').blur();
  const [request] = await Promise.all([
    page.waitForRequest((one) => one.url().endsWith('/v1/chat/completions')),
    send(page, 'Hello'),
  ]);
  const body = request.postDataJSON();
  assert.deepEqual(body.messages, [
    { role: 'system', content: 'You are a parrot.' },
    { role: 'user', content: 'Hello' },
  ]);
  const { temperature, top_p, top_k, min_p, repeat_penalty, seed, max_tokens, stop } = body;
  assert.deepEqual(
    { temperature, top_p, top_k, min_p, repeat_penalty, seed, max_tokens, stop },
    { temperature: 0.5, top_p: 0.9, top_k: 30, min_p: 0.05, repeat_penalty: 1.1, seed: 7, max_tokens: 12, stop: ['STOP', 'HALT'] },
  );
  await replyEnds(page);
  assert.equal(await lastReply(page).locator('.failure').count(), 0);
}
