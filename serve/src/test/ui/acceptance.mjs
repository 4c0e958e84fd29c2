// The page in a real browser, against a real server:
//
//   NEARSIDE_UI_BASE=http://127.0.0.1:11500 node acceptance.mjs [STEP …]
//
// NEARSIDE_UI_MODEL  the model to pull and to talk to (smollm2:135m)
// NEARSIDE_UI_FRESH  if set, the model is deleted first, so that the pull is a real download
// NEARSIDE_UI_SHOTS  a folder for screenshots; without it none are made
// CHROMIUM           the browser (/usr/bin/chromium)
import { World } from './acceptance/world.mjs';
import { steps } from './acceptance/steps.mjs';

const base = process.env.NEARSIDE_UI_BASE ?? 'http://127.0.0.1:11500';
const wanted = process.argv.slice(2);
const world = await World.open({
  base: base.replace(/\/$/, ''),
  model: process.env.NEARSIDE_UI_MODEL ?? 'smollm2:135m',
  isFresh: Boolean(process.env.NEARSIDE_UI_FRESH),
  shots: process.env.NEARSIDE_UI_SHOTS,
  chromium: process.env.CHROMIUM ?? '/usr/bin/chromium',
});

const failed = [];
for (const [name, step] of Object.entries(steps)) {
  if (wanted.length > 0 && !wanted.includes(name)) {
    continue;
  }
  const began = Date.now();
  try {
    await step(world);
    world.assertQuiet();
    console.log(`ok   ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed.push(name);
    console.log(`FAIL ${name}\n${error.stack ?? error}`);
    await world.keepEvidence(name);
  }
  await world.closePages();
}
await world.close();
console.log(failed.length === 0 ? 'all passed' : `failed: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
