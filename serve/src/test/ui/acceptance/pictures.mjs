import { chooseModel, replyEnds, send } from './actions.mjs';
import { REPLY_MILLIS } from './world.mjs';

const LOOKS = [
  { theme: 'light', language: 'en-US', tag: 'light-en' },
  { theme: 'dark', language: 'zh-CN', tag: 'dark-zh' },
];

/** The pictures of docs/, where a folder for them is given. */
export async function picturesAreTaken(world) {
  if (!world.shots) {
    console.log('     no pictures: NEARSIDE_UI_SHOTS is not set');
    return;
  }
  for (const look of LOOKS) {
    await chat(world, look);
  }
  await phone(world);
  for (const look of LOOKS) {
    await models(world, look);
    await schema(world, look);
  }
  for (const look of LOOKS) {
    await tools(world, look);
  }
}

const page = (world, look, at) => world.page({ ...look, at, width: 1280, height: 800 });

async function chat(world, look) {
  const view = await page(world, look, '/');
  await chooseModel(view, world.model);
  await send(view, 'What is the capital of France?');
  await replyEnds(view);
  await send(view, 'Show a Python function that adds two numbers.');
  await replyEnds(view);
  await view.waitForTimeout(600);
  await world.shot(view, `ui-chat-${look.tag}`);
}

async function phone(world) {
  const view = await world.page({ theme: 'dark', width: 390, height: 780 });
  await chooseModel(view, world.model);
  await send(view, 'What is the capital of France?');
  await replyEnds(view);
  await view.waitForTimeout(600);
  await world.shot(view, 'ui-phone');
}

async function models(world, look) {
  const view = await page(world, look, '/#/models');
  await view.locator('[data-test=memory] .legend').waitFor();
  await view.locator('.tiles').waitFor();
  await world.shot(view, `ui-models-${look.tag}`);
}

async function schema(world, look) {
  const view = await page(world, look, '/#/schema');
  await chooseModel(view, world.model);
  await view.locator('[data-test=schema-run]').click();
  await view.locator('[data-test=verdict]').waitFor({ timeout: REPLY_MILLIS });
  await world.shot(view, `ui-schema-${look.tag}`);
}

async function tools(world, look) {
  const view = await page(world, look, '/#/tools');
  await chooseModel(view, world.model);
  await view.locator('[data-test=tool-choice]').selectOption('required');
  await view.locator('[data-test=tools-suggestion]').click();
  await replyEnds(view);
  await view.locator('[data-test=tool-result]').first().waitFor();
  await world.shot(view, `ui-tools-${look.tag}`);
}
