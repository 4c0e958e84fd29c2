import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chatPage, composer, replyEnds, send } from './actions.mjs';

const require = createRequire(new URL('../../../main/ui/package.json', import.meta.url));
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const PAGES = ['chat', 'models', 'schema', 'tools'];

/** The browser's language at first, then the one that was chosen, also after a reload. */
export async function languagesSwitch(world) {
  const page = await world.page({ language: 'zh-CN' });
  const entry = page.locator('[data-test=nav-models]');
  assert.match(await entry.innerText(), /模型/);
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-Hans');
  assert.match(await page.title(), /对话/);
  await page.locator('[data-test=language]').click();
  assert.match(await entry.innerText(), /Models/);
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await page.reload();
  assert.match(await entry.innerText(), /Models/);
  await page.locator('[data-test=settings]').click();
  await page.getByRole('dialog').getByRole('radio', { name: '中文' }).check();
  assert.match(await entry.innerText(), /模型/);
  for (const name of PAGES) {
    await page.goto(`${world.base}/#/${name}`);
    await page.locator('main h1').waitFor();
    assert.match(await page.locator('main').innerText(), /\p{Script=Han}/u);
  }
}

/** The system's theme at first, then the one that was chosen, also after a reload. */
export async function themesSwitch(world) {
  const page = await world.page({ theme: 'dark' });
  assert.ok((await brightness(page)) < 60);
  await page.locator('[data-test=theme]').click();
  assert.ok((await brightness(page)) > 200);
  await page.reload();
  await page.locator('main h1').waitFor();
  assert.ok((await brightness(page)) > 200);
  const light = await world.page({ theme: 'light' });
  assert.ok((await brightness(light)) > 200);
  await light.locator('[data-test=settings]').click();
  const theme = (name) => light.getByRole('group', { name: 'Appearance' }).getByRole('radio', { name });
  await theme('Dark').check();
  assert.ok((await brightness(light)) < 60);
  await theme('System').check();
  assert.ok((await brightness(light)) > 200);
}

/** The page's ground, from 0 to 255, as it is painted. */
async function brightness(page) {
  return page.evaluate(() => {
    const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number);
    return (red + green + blue) / 3;
  });
}

/** Everything can be reached and done without a mouse, and the focus is where it is expected. */
export async function keyboardIsEnough(world) {
  const page = await chatPage(world);
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('Tab');
  assert.match(await focused(page), /Skip to the content/);
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');

  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'composer-text');
  await page.keyboard.type('First line');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second line');
  await page.keyboard.press('Enter');
  await replyEnds(page);
  assert.match(await page.locator('.bubble').innerText(), /First line\nsecond line/);
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'composer-text');
  const said = page.locator('nearside-app > [role=status]');
  await page.waitForFunction((element) => /Reply/.test(element.textContent), await said.elementHandle());

  await page.locator('[data-test=settings]').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press('Tab');
    const isInside = await page.evaluate(
      () => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null,
    );
    assert.ok(isInside, 'the focus left the dialog');
  }
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' }).catch(() => undefined);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-test')), 'settings');

  await page.locator('[data-test=nav-models]').focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  await page.keyboard.press('Alt+n');
  await page.waitForFunction(() => document.activeElement?.id === 'composer-text');
}

const focused = (page) => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

/** On a phone's width nothing is cut off, and the menu opens and closes. */
export async function phoneFits(world) {
  const page = await world.page({ width: 360, height: 740 });
  for (const name of PAGES) {
    await page.goto(`${world.base}/#/${name}`);
    await page.locator('main h1').waitFor();
    await page.waitForTimeout(300);
    const [whole, seen] = await page.evaluate(() => {
      const box = document.querySelector('main .page, main .chat-page');
      return [Math.max(document.documentElement.scrollWidth, box.scrollWidth), window.innerWidth];
    });
    assert.ok(whole <= seen, `${name} is ${whole} wide on a screen of ${seen}`);
  }
  await page.getByRole('button', { name: 'Menu', exact: true }).click();
  await page.locator('[data-test=nav-chat]').click();
  await composer(page).waitFor();
  await page.locator('[data-test=nav-models]').waitFor({ state: 'hidden' });
}

/** axe-core finds no serious or critical fault on any page, in both themes, with content in it. */
export async function axeFindsNothing(world) {
  for (const theme of ['light', 'dark']) {
    const language = theme === 'light' ? 'en-US' : 'zh-CN';
    const page = await chatPage(world, { theme, language });
    await inspect(page, `${theme}: chat, empty`);
    await send(page, 'Name three colours as a list.');
    await replyEnds(page);
    await inspect(page, `${theme}: chat`);
    await page.locator('[data-test=parameters]').click();
    await inspect(page, `${theme}: parameters`);
    for (const name of PAGES.slice(1)) {
      await page.goto(`${world.base}/#/${name}`);
      await page.locator('main h1').waitFor();
      await page.waitForTimeout(500);
      await inspect(page, `${theme}: ${name}`);
    }
    await page.locator('[data-test=settings]').click();
    await inspect(page, `${theme}: settings`);
    const phone = await chatPage(world, { theme, language, width: 390, height: 800 });
    await inspect(phone, `${theme}: phone`);
  }
}

async function inspect(page, where) {
  // Evaluated by the debugger and not as a script of the page, whose policy would refuse it.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const lines = bad.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}\n  ${node.html.slice(0, 160)}\n  ${node.failureSummary}`),
  );
  assert.deepEqual(lines, [], where);
}
