import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/** Where distributions put it. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const PATH = process.env['SOAR_FEED_TEST_CHROMIUM'] ?? PLACES.find(existsSync) ?? '/usr/bin/chromium';

/** Whether there is a browser. With REQUIRE_SERVICES=1, its absence is a failure. */
export function hasChromium(): boolean {
  if (existsSync(PATH)) return true;
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(`Chromium is not installed (${PATH}).`);
  process.stderr.write(`Skipped: Chromium is not installed (${PATH}).\n`);
  return false;
}

const ARGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/**
 * A real browser with an empty profile of its own, which keeps what its pages complain about. Nothing moves in it: a
 * test would see a transition half-way on a slow machine.
 */
export class Chromium {
  /** What the console said in warning or worse, and errors of scripts: refusals of the content security policy, too. */
  readonly complaints: string[] = [];

  static async launch(options: BrowserContextOptions = {}): Promise<Chromium> {
    const folder = mkdtempSync(join(tmpdir(), 'soar-feed-chromium-'));
    const fixed = { executablePath: PATH, args: ARGS, reducedMotion: 'reduce' } as const;
    const context = await chromium.launchPersistentContext(folder, { ...fixed, ...options });
    return new Chromium(context, folder);
  }

  private constructor(
    private readonly context: BrowserContext,
    private readonly folder: string,
  ) {}

  async newPage(): Promise<Page> {
    const page = await this.context.newPage();
    page.on('console', (message) => {
      if (['warning', 'error'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    return page;
  }

  async close(): Promise<void> {
    await this.context.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
