import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

// The page's folder has the packages; this one has none.
const require = createRequire(new URL('../../../main/ui/package.json', import.meta.url));
const { chromium } = require('playwright-core');

/** How long a reply may take: a small machine that is busy, and a model that must load first. */
export const REPLY_MILLIS = 180_000;

/** The browser, and what must hold on every page of it. */
export class World {
  #browser;
  #contexts = [];
  #complaints = [];

  static async open(options) {
    const world = new World();
    Object.assign(world, options);
    world.#browser = await chromium.launch({
      executablePath: options.chromium,
      // CI runs as root, where the sandbox of Chromium refuses to start.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    return world;
  }

  /** A page of a new visitor. Errors in its console and calls to other hosts are complaints. */
  async page({ theme = 'light', language = 'en-US', width = 1280, height = 832, at = '/', mayFail = false } = {}) {
    const context = await this.#browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      locale: language,
      reducedMotion: 'reduce',
      acceptDownloads: true,
    });
    this.#contexts.push(context);
    context.setDefaultTimeout(20_000);
    return this.#open(await context.newPage(), this.base + at, mayFail);
  }

  /** Another tab of the same visitor, at the same place. */
  async tab(page) {
    return this.#open(await page.context().newPage(), page.url(), false);
  }

  async #open(page, address, mayFail) {
    page.on('pageerror', (error) => this.#complaints.push(`error in the page: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !mayFail) {
        this.#complaints.push(`console: ${message.text()}`);
      }
    });
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== new URL(this.base).origin) {
        this.#complaints.push(`call to another host: ${request.url()}`);
      }
    });
    await page.goto(address);
    await page.locator('nearside-app main h1').waitFor();
    return page;
  }

  /** Fails with what the pages complained of since the last call. */
  assertQuiet() {
    const complaints = this.#complaints;
    this.#complaints = [];
    assert.deepEqual(complaints, []);
  }

  async shot(page, name) {
    if (this.shots) {
      mkdirSync(this.shots, { recursive: true });
      await page.screenshot({ path: join(this.shots, `${name}.png`) });
    }
  }

  /** A picture of all open pages, for who reads the failure. */
  async keepEvidence(step) {
    for (const [i, context] of this.#contexts.entries()) {
      for (const page of context.pages()) {
        const path = join(tmpdir(), `nearside-ui-${step}-${i}.png`);
        await page.screenshot({ path }).then(() => console.log(`     see ${path}`), () => undefined);
      }
    }
    this.#complaints = [];
  }

  async closePages() {
    await Promise.all(this.#contexts.map((context) => context.close()));
    this.#contexts = [];
  }

  close() {
    return this.#browser.close();
  }
}
