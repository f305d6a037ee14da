import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { Chromium, hasChromium } from './helpers/Chromium.js';
import { bareViews, richViews } from './helpers/samples.js';
import { serveViews } from './helpers/serveViews.js';
import type { ServedViews } from './helpers/serveViews.js';
import { until } from './helpers/until.js';

jest.setTimeout(180_000);

const withBrowser = hasChromium() ? describe : describe.skip;

/** Parts that reach beyond the window, of which a reader would see only a part. */
const overflow = (page: Page) =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const beyond = [...document.querySelectorAll('body *')].filter((part) => {
      const { right, width: own } = part.getBoundingClientRect();
      return own > 1 && right > width + 1 && getComputedStyle(part).visibility !== 'hidden';
    });
    return { scrolls: document.documentElement.scrollWidth - width, beyond: beyond.map((part) => part.className) };
  });

/** Text whose contrast to what is behind it is below 4.5, as computed by the browser. */
const pale = (page: Page) =>
  page.evaluate(() => {
    const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const light = ([r = 0, g = 0, b = 0]: number[]): number => {
      const [x = 0, y = 0, z = 0] = [r, g, b].map((part) => {
        const of = part / 255;
        return of <= 0.04045 ? of / 12.92 : ((of + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const behind = (part: Element | null): number[] => {
      for (let at = part; at !== null; at = at.parentElement) {
        const { backgroundColor } = getComputedStyle(at);
        const found = channels(backgroundColor);
        if (backgroundColor.startsWith('rgb') && (found[3] ?? 1) === 1) return found;
      }
      return [255, 255, 255];
    };
    const texts = [...document.querySelectorAll('body *')].filter((part) =>
      [...part.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== ''),
    );
    return texts.flatMap((part) => {
      if (part.closest('[hidden], svg, .unseen, .skip, option') !== null) return [];
      const [high, low] = [light(channels(getComputedStyle(part).color)), light(behind(part))].sort((a, b) => b - a);
      const contrast = ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
      return contrast >= 4.5 ? [] : [`${part.tagName}.${part.className}: ${contrast.toFixed(2)}`];
    });
  });

withBrowser('every view in a browser', () => {
  let browser: Chromium;
  let rich: ServedViews;
  let bare: ServedViews;
  beforeAll(async () => {
    browser = await Chromium.launch();
    rich = await serveViews(richViews());
    bare = await serveViews(bareViews());
  });
  afterAll(async () => {
    await browser.close();
    await rich.close();
    await bare.close();
  });

  it('runs nothing that others wrote, keeps to its policy, fits a narrow screen and can be read in both themes', async () => {
    const page = await browser.newPage();
    const found: unknown[] = [];
    for (const served of [rich, bare])
      for (const url of served.urls) {
        await page.setViewportSize({ width: 390, height: 844 });
        await page.emulateMedia({ colorScheme: 'light' });
        await page.goto(url);
        const { scrolls, beyond } = await overflow(page);
        const light = await pale(page);
        await page.setViewportSize({ width: 1280, height: 900 });
        await page.emulateMedia({ colorScheme: 'dark' });
        const dark = await pale(page);
        const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const pwned = await page.evaluate(() => 'pwned' in window);
        found.push({ url, scrolls, beyond, light, dark, ground, pwned });
      }
    const good = { scrolls: 0, beyond: [], light: [], dark: [], ground: 'rgb(14, 18, 23)', pwned: false };
    expect(found).toEqual([...rich.urls, ...bare.urls].map((url) => ({ url, ...good })));
    expect(browser.complaints).toEqual([]);
    await page.close();
  });

  it('is a page to people who do not see it: names of fields, buttons, plots and tables', async () => {
    const page = await browser.newPage();
    await page.goto(rich.url('parked'));
    expect(await page.getByRole('button', { name: 'Retry failed hec-refused of siem' }).count()).toBe(1);
    expect(await page.getByLabel('Token').getAttribute('type')).toBe('password');
    expect(await page.getByRole('navigation', { name: 'Views' }).getByRole('link').count()).toBe(5);
    expect(await page.getByRole('status').first().textContent()).toContain('Back in line');
    await page.goto(rich.url('overview'));
    expect(await page.getByRole('img', { name: 'Delivered' }).count()).toBe(4);
    expect(await page.getByRole('table', { name: 'Feeds' }).getByRole('row').count()).toBe(5);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.getByRole('table', { name: 'Feeds' }).getByRole('row').count()).toBe(4);
    await page.close();
  });

  it('can be walked by keyboard alone, past the head and with a focus that is seen', async () => {
    const page = await browser.newPage();
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(rich.url('parked'));
    const focused = () =>
      page.evaluate(() => {
        const { activeElement: at } = document;
        const { outlineStyle, outlineWidth } = getComputedStyle(at ?? document.body);
        return {
          text: at?.textContent?.trim().slice(0, 12) ?? '',
          id: at?.id,
          seen: outlineStyle !== 'none' && outlineWidth !== '0px',
        };
      });
    await page.keyboard.press('Tab');
    expect((await focused()).text).toBe('Skip to the ');
    expect(await page.locator('.skip').evaluate((link) => link.getBoundingClientRect().top >= 0)).toBe(true);
    await page.keyboard.press('Enter');
    expect((await focused()).id).toBe('main');
    await page.keyboard.press('Tab');
    expect(await focused()).toMatchObject({ id: 'token', seen: true });
    const walked: string[] = [];
    for (let step = 0; step < 5; step += 1) {
      await page.keyboard.press('Tab');
      const { text, seen } = await focused();
      expect(seen).toBe(true);
      walked.push(text);
    }
    expect(walked).toEqual(['Unlock', '4 rows', 'Retry failed', 'Drop… failed', '1 row']);
    await page.keyboard.press('Shift+Tab');
    expect(await page.getByRole('button', { name: 'Drop 15 rows' }).isVisible()).toBe(false);
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    expect((await focused()).text).toBe('Drop 15 rows');
    await page.close();
  });

  it('follows the host, pauses when it is told to, and says when the host is gone', async () => {
    const page = await browser.newPage();
    const before = browser.complaints.length;
    const served = await serveViews(bareViews());
    await page.goto(served.url('overview'));
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('The feed works');
    served.views = richViews();
    await until(
      async () => (await page.getByRole('heading', { level: 1 }).textContent()) === 'Something needs a look',
      'the new headline',
    );
    expect(await page.locator('#to-decide').textContent()).toContain('7');
    expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
    await page.getByRole('button', { name: 'Pause' }).click();
    const asked = served.asked;
    served.views = bareViews();
    await page.waitForTimeout(3_000);
    expect(served.asked).toBe(asked);
    await page.getByRole('button', { name: 'Go on' }).click();
    await until(
      async () => (await page.getByRole('heading', { level: 1 }).textContent()) === 'The feed works',
      'the headline',
    );
    await served.close();
    await until(() => page.getByRole('alert').isVisible(), 'the word that nobody answers');
    // What the browser itself says about a connection that was refused.
    expect(browser.complaints.slice(before).filter((text) => !text.includes('ERR_CONNECTION_REFUSED'))).toEqual([]);
    browser.complaints.splice(before);
    await page.close();
  });
});
