import { chooseModel, replyEnds, send } from './actions.mjs';
import { REPLY_MILLIS } from './world.mjs';

/** The pictures of docs/, where a folder for them is given. */
export async function picturesAreTaken(world) {
  if (!world.shots) {
    console.log('     no pictures: NEARSIDE_UI_SHOTS is not set');
    return;
  }
  for (const [theme, language, tag] of [['light', 'en-US', 'light-en'], ['dark', 'zh-CN', 'dark-zh']]) {
    const page = await world.page({ theme, language, width: 1280, height: 800 });
    await chooseModel(page, world.model);
    const isEnglish = tag.endsWith('en');
    await send(page, isEnglish ? 'What is the capital of France?' : 'Show a Python function that adds two numbers.');
    await replyEnds(page);
    await send(page, isEnglish ? 'Show a Python function that adds two numbers.' : 'Thanks! And in Java?');
    await replyEnds(page);
    await page.waitForTimeout(400);
    await world.shot(page, `ui-chat-${tag}`);
    await page.goto(`${world.base}/#/models`);
    await page.locator('[data-test=memory] .legend').waitFor();
    await page.waitForTimeout(2500);
    await world.shot(page, `ui-models-${tag}`);
    await page.goto(`${world.base}/#/schema`);
    await page.locator('[data-test=schema-run]').click();
    await page.locator('[data-test=verdict]').waitFor({ timeout: REPLY_MILLIS });
    await world.shot(page, `ui-schema-${tag}`);
    await page.goto(`${world.base}/#/tools`);
    await page.locator('[data-test=tool-choice]').selectOption('required');
    await page.locator('[data-test=tools-suggestion]').click();
    await page.locator('[data-test=tool-result]').first().waitFor({ timeout: REPLY_MILLIS });
    await world.shot(page, `ui-tools-${tag}`);
  }
  const phone = await world.page({ theme: 'dark', width: 390, height: 780 });
  await chooseModel(phone, world.model);
  await send(phone, 'What is the capital of France?');
  await replyEnds(phone);
  await phone.waitForTimeout(400);
  await world.shot(phone, 'ui-phone');
}
