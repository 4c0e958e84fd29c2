import assert from 'node:assert/strict';
import { chooseModel, lastReply, replyEnds, send } from './actions.mjs';

/** A server that wants a key: the page asks, keeps it, and sends it from then on. */
export async function keyIsAskedFor(world) {
  const page = await world.page({ mayFail: true });
  const sent = [];
  await page.route(/\/(api|v1)\//, (route) => {
    const { authorization: key, ...headers } = route.request().headers();
    sent.push(key);
    return key === 'Bearer right'
      ? route.continue({ headers })
      : route.fulfill({ status: 401, json: { error: { message: 'A key is needed.' } } });
  });
  await page.reload();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.banner.warning').waitFor();
  await page.locator('.banner.warning button').click();
  await dialog.getByLabel('Key').fill('wrong');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.locator('.banner.warning').waitFor();
  await page.locator('.banner.warning button').click();
  await dialog.getByText('does not accept').waitFor();
  await dialog.getByLabel('Key').fill('right');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.locator('.banner.warning').waitFor({ state: 'detached' });
  assert.ok(sent.includes('Bearer wrong') && sent.includes('Bearer right'));
  await page.reload();
  await page.locator('.state.up').waitFor();
  assert.equal(sent.at(-1), 'Bearer right');
}

/** A server that is away and comes back: told, tried again, and the page goes on by itself. */
export async function serverComesBack(world) {
  const page = await world.page({ mayFail: true });
  await chooseModel(page, world.model);
  await page.context().setOffline(true);
  await send(page, 'Are you there?');
  await page.locator('.banner.danger').waitFor();
  await replyEnds(page);
  assert.match(await lastReply(page).locator('.failure').innerText(), /connection/);
  await page.locator('.state.down').waitFor();
  await page.context().setOffline(false);
  await page.locator('.banner.danger').waitFor({ state: 'detached', timeout: 30_000 });
  await lastReply(page).locator('[data-test=regenerate]').click();
  await lastReply(page).locator('[data-test=branches]', { hasText: '2/2' }).waitFor();
  await page.locator('[data-test=stop]').click({ timeout: 5000 }).catch(() => undefined);
  await replyEnds(page);
  assert.equal(await lastReply(page).locator('.failure').count(), 0);
}
