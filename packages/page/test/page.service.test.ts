import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { request } from 'node:http';
import { Chromium, hasChromium } from './helpers/Chromium.js';
import { HOSTILE } from './helpers/samples.js';
import { toNextView } from './helpers/toNextView.js';
import { until } from './helpers/until.js';
import { World } from './helpers/World.js';

jest.setTimeout(420_000);

const withBrowser = hasChromium() ? describe : describe.skip;

/** One host with its page open all the time; the tests go on from one another, as an operator's day does. */
withBrowser('the page of a running host', () => {
  let world: World;
  let browser: Chromium;
  let token: string;
  beforeAll(async () => {
    world = await World.start();
    browser = await Chromium.launch();
    token = await world.token();
  });
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  });

  const parked = async (): Promise<string> => (await fetch(`${world.url}/page/parked`)).text();
  /** A form as a program sends it, with whatever headers. */
  const post = (
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ) =>
    new Promise<{ status: number; text: string; location: string | undefined }>((resolve, reject) => {
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      const asked = request(`${world.url}${path}`, { method: 'POST', headers: { ...type, ...headers } }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text, location: response.headers.location }),
        );
      });
      asked.on('error', reject);
      asked.end(new URLSearchParams(fields).toString());
    });
  const retry = JSON.stringify({ change: 'retry', feed: 'picky', state: 'failed', code: 'picky-refused' });

  it('sends every view and file with its headers, and answers to no stranger', async () => {
    for (const path of ['', '/parked', '/mapping', '/incident', '/verify', '/page.css', '/page.js', '/icon.svg']) {
      const answer = await fetch(`${world.url}/page${path}`);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-security-policy': expect.stringMatching(/^default-src 'none'; script-src 'self'; style-src 'self'/),
        ...{ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' },
      });
      await answer.text();
    }
    const stranger = await post('/page/change', { token, do: retry }, { host: 'evil.example.com' });
    expect([stranger.status, stranger.text]).toEqual([403, expect.stringContaining('status_hosts')]);
    expect((await fetch(world.url, { redirect: 'manual' })).headers.get('location')).toBe('/page');
  });

  it('changes nothing without the token, or for a form of another page', async () => {
    const own = { origin: world.url, 'sec-fetch-site': 'same-origin' };
    for (const [fields, headers] of [
      [{ do: retry }, own],
      [{ do: retry, token: 'guessed' }, own],
      [{ do: retry, token: `${token}x` }, own],
      [{ do: retry, token }, { origin: 'https://evil.example.com' }],
      [{ do: retry, token }, { origin: `http://127.0.0.1:${world.port + 1}` }],
      [{ do: retry, token }, { origin: 'null' }],
      [
        { do: retry, token },
        { origin: world.url, 'sec-fetch-site': 'cross-site' },
      ],
    ] as const) {
      const { status, text } = await post('/page/change', fields, headers);
      expect([status, text.includes('nothing was changed')]).toEqual([403, true]);
    }
    for (const change of [
      '{"change":"drop"}',
      '{"change":"retry","states":"failed"}',
      '{"change":"adopt","feed":"picky"}',
      'drop',
    ])
      expect((await post('/page/change', { token, do: change }, own)).status).toBe(400);
    expect((await post('/page/incident', { id: String(world.incidentId), type: 'incident' }, own)).status).toBe(403);
    expect(await parked()).toContain('picky-refused');
    expect(world.logged('page.change')).toBe(false);
    expect(world.logged('page.refused')).toBe(true);
    expect(world.output).not.toContain(token);
  });

  it('sends its reader back to its own views only', async () => {
    for (const [back, location] of [
      ['/page/parked?feed=picky', '/page/parked?feed=picky&done='],
      ['https://evil.example.com/', '/page?done='],
      ['//evil.example.com/page', '/page?done='],
    ] as const)
      expect((await post('/page/change', { token, do: 'check', back })).location).toContain(location);
  });

  it('explains an incident with its timeline, finds it in the mapping, and shows its hostile title as text', async () => {
    const page = await browser.newPage();
    await page.goto(`${world.url}/page/mapping`);
    await page.getByLabel('Incident', { exact: true }).fill(String(world.incidentId));
    await toNextView(page, () => page.getByRole('button', { name: 'Search' }).click());
    await page.getByRole('link', { name: `incident ${world.incidentId}` }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(`Incident ${world.incidentId}`);
    expect(await page.locator('.answer').count()).toBe(2);
    expect(await page.locator('.answer').first().textContent()).toContain('Delivered as incident');
    const steps = await page.locator('.timeline li').allTextContents();
    expect(steps.some((text) => text.includes('stuck') && text.includes(`No notes here: ${HOSTILE}`))).toBe(true);
    expect(steps.some((text) => text.includes('Delivered as note'))).toBe(true);
    await page.getByLabel('Token').fill(token);
    await toNextView(page, () => page.getByRole('button', { name: 'Ask both servers now' }).click());
    await until(async () => (await page.locator('.subject').count()) === 1, 'the title');
    expect(await page.locator('.subject').textContent()).toBe(`Phish ${HOSTILE}`);
    expect(await page.locator('.answer').first().textContent()).toContain('is equal');
    expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
    await page.close();
  });

  it('shows what a verification found', async () => {
    const page = await browser.newPage();
    await page.goto(`${world.url}/page/verify`);
    expect(await page.getByText('Nothing was compared yet.').count()).toBe(1);
    await world.command('verify', '--feed', 'replica');
    await page.reload();
    expect(await page.getByRole('heading', { level: 2 }).first().textContent()).toBe('Everything is equal');
    await page.close();
  });

  it('retries and drops what a person chooses, by keyboard, once the tab has the token', async () => {
    const page = await browser.newPage();
    await page.goto(`${world.url}/page/parked#token=${token}`);
    expect(page.url()).toBe(`${world.url}/page/parked`);
    expect(await page.getByLabel('Token').isVisible()).toBe(false);
    expect(await page.locator('.cause-why').first().textContent()).toContain(HOSTILE);
    const rows = await page.locator('.cause').count();
    expect(rows).toBe(1);

    // One row is dropped.
    await toNextView(page, () => page.getByRole('link', { name: /^\d+ rows$/ }).click());
    const before = await page.getByRole('table', { name: 'Rows' }).locator('tbody tr').count();
    await page.locator('.ask summary').first().focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await toNextView(page, () => page.keyboard.press('Enter'));
    await page.getByText('Dropped: 1 row').first().waitFor();
    expect(await page.getByRole('table', { name: 'Rows' }).locator('tbody tr').count()).toBe(before - 1);

    // The others are delivered, once their target takes them.
    world.openGate();
    await page.goto(`${world.url}/page/parked`);
    await page.getByRole('button', { name: 'Retry failed picky-refused of picky' }).focus();
    await toNextView(page, () => page.keyboard.press('Enter'));
    await page
      .getByText(`Back in line: ${before - 1} row`)
      .first()
      .waitFor();
    expect(world.logged('page.change')).toBe(true);
    await until(async () => {
      await page.goto(`${world.url}/page/parked`);
      return page.getByText('Nothing is parked.').isVisible();
    }, 'nothing is parked any more');
    expect(await page.locator('#deeds').textContent()).toContain('Dropped: 1 row');
    await page.close();
  });

  it('forgets a token that does not hold', async () => {
    const page = await browser.newPage();
    await page.goto(`${world.url}/page/incident?type=incident&id=${world.incidentId}#token=${'x'.repeat(32)}`);
    await toNextView(page, () => page.getByRole('button', { name: 'Ask both servers now' }).click());
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('The token is not right');
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    browser.complaints.splice(
      0,
      browser.complaints.length,
      ...browser.complaints.filter((text) => !text.includes('403')),
    );
    await page.close();
  });

  it('was never complained about by the browser', () => {
    expect(browser.complaints).toEqual([]);
  });
});
