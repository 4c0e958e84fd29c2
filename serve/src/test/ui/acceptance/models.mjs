import assert from 'node:assert/strict';
import { chooseModel, replyEnds, send } from './actions.mjs';
import { REPLY_MILLIS } from './world.mjs';

/** A model is pulled by name, with progress, until it is listed; a wrong name is told. */
export async function modelIsPulled(world) {
  const page = await world.page({ at: '/#/models', mayFail: true });
  await page.locator('[data-test=memory] strong').waitFor();
  const installed = page.locator(`[data-model="${world.model}"]`);
  if (world.isFresh && (await installed.count()) > 0) {
    await installed.locator('[data-test=delete]').click();
    await page.locator('[data-test=confirm]').click();
    await installed.waitFor({ state: 'detached', timeout: REPLY_MILLIS });
  }
  await pull(page, 'no-such-model-anywhere:1b');
  const wrong = page.locator('[data-test=pull-progress][data-state=failed]');
  await wrong.waitFor({ timeout: REPLY_MILLIS });
  assert.match(await wrong.innerText(), /no-such-model-anywhere/);
  await wrong.getByRole('button', { name: 'Close' }).click();

  if (world.isFresh) {
    await pull(page, world.model);
    await page.locator('[data-test=pull-cancel]').first().click();
    await page.locator('[data-test=pull-progress][data-state=cancelled]').first().waitFor();
    assert.equal(await installed.count(), 0);
  }
  const ends = page.waitForFunction(
    (name) => document.querySelector('.notice.info')?.textContent?.includes(name),
    world.model,
    { timeout: 10 * REPLY_MILLIS },
  );
  await pull(page, world.model);
  await ends;
  await installed.waitFor();
  assert.equal(await page.locator('[data-test=pull-progress][data-state=failed]').count(), 0);
}

async function pull(page, name) {
  await page.locator('[data-test=pull-name]').fill(name);
  await page.locator('[data-test=pull]').click();
}

/** Loading and unloading show in the list, in the memory bar and in the choice of models. */
export async function modelsAreManaged(world) {
  const page = await world.page({ at: '/#/models' });
  const model = page.locator(`[data-model="${world.model}"]`);
  await model.waitFor();
  if ((await model.locator('[data-test=unload]').count()) > 0) {
    await model.locator('[data-test=unload]').click();
  }
  await model.locator('[data-test=load]').click();
  await model.locator('[data-test=loaded]').waitFor({ timeout: REPLY_MILLIS });
  await page.locator('[data-test=memory] .legend', { hasText: world.model }).waitFor();
  assert.ok((await page.locator('.memory-weights').count()) >= 1);
  await model.getByRole('button', { name: 'Chat' }).click();
  await page.locator('#composer-text').waitFor();
  const option = page.locator(`[data-test=model] option[value="${world.model}"]`);
  assert.match(await option.innerText(), /loaded/);
  await page.goto(`${world.base}/#/models`);
  await model.locator('[data-test=unload]').click();
  await model.locator('[data-test=load]').waitFor({ timeout: REPLY_MILLIS });
  await page.locator('[data-test=memory] .legend', { hasText: world.model }).waitFor({ state: 'detached' });
  // A model that is no longer loaded is loaded by the next message.
  await page.goto(`${world.base}/#/chat`);
  await chooseModel(page, world.model);
  await send(page, 'Hello!');
  await replyEnds(page);
  // A question is asked before a model is deleted, and "no" deletes nothing.
  await page.goto(`${world.base}/#/models`);
  await model.locator('[data-test=delete]').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await model.waitFor();
}
