import { REPLY_MILLIS } from './world.mjs';

export const composer = (page) => page.locator('#composer-text');
export const replies = (page) => page.locator('[data-test=assistant-message]');
export const lastReply = (page) => replies(page).last();

/** Chooses the model of the test, once the page knows it. */
export async function chooseModel(page, model) {
  await page.locator(`[data-test=model] option[value="${model}"]`).first().waitFor({ state: 'attached' });
  await page.locator('[data-test=model]').first().selectOption(model);
}

/** Keeps replies short: what a model says is not what is tested. */
export async function limitTokens(page, tokens) {
  await page.evaluate((most) => {
    const key = 'nearside.preferences';
    const stored = JSON.parse(localStorage.getItem(key) ?? '{}');
    stored.parameters = most === undefined ? {} : { maxTokens: most };
    localStorage.setItem(key, JSON.stringify(stored));
  }, tokens);
  await page.reload();
  await page.locator('nearside-app main h1').waitFor();
}

export async function send(page, text) {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** Waits until the reply that was just asked for has ended. */
export async function replyEnds(page) {
  await lastReply(page).waitFor({ timeout: REPLY_MILLIS });
  await page.waitForFunction(
    () => [...document.querySelectorAll('[data-test=assistant-message]')].at(-1)?.getAttribute('aria-busy') === 'false',
    undefined,
    { timeout: REPLY_MILLIS },
  );
}

/** The words of a reply, without its buttons and numbers. */
export async function textOf(reply) {
  const views = await reply.locator('markdown-view').allInnerTexts();
  return views.join('\n').trim();
}

/** A page with a chat of one short question and its reply. */
export async function chatPage(world, options) {
  const page = await world.page(options);
  await limitTokens(page, 24);
  await chooseModel(page, world.model);
  return page;
}
