import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assets, pathOf, securityHeaders } from '../src/index.js';
import { durationText } from '../src/parts/durationText.js';
import { rateText } from '../src/parts/numberText.js';
import { bucketsOf, spanTo } from '../src/plot/buckets.js';
import { roundedUp } from '../src/plot/roundedUp.js';
import { bareViews, HOSTILE, richViews } from './helpers/samples.js';

const views = [...Object.entries(richViews()), ...Object.entries(bareViews())];
const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

describe.each(views)('the view %s', (_, document) => {
  it('is one document with one heading of the first rank, a language, a title and a way past the head', () => {
    expect(document.slice(0, 32)).toBe('<!doctype html>\n<html lang="en">');
    expect(count(document, /<h1[\s>]/g)).toBe(1);
    expect(count(document, /<main[\s>]/g)).toBe(1);
    expect(document.match(/<title>[^<]+<\/title>/)).not.toBeNull();
    expect(count(document, /<a class="skip" href="#main">/g)).toBe(1);
    expect(count(document, /aria-current="page"/g)).toBe(1);
  });

  it('holds text of other people as text only', () => {
    // Whatever a match is, it is short: the document is not.
    expect(document.match(/<img/)).toBeNull();
    expect(count(document, /<script/g)).toBe(1);
    expect(document.match(/<\w[^<>]*\s(?:on[a-z]+|style)=/i)).toBeNull();
    expect(document.match(/<(?:style|iframe|object|embed|base)\b/i)).toBeNull();
    expect(document.match(/\s(?:href|src|action)="(?!\/page|#main)[^"]*/)).toBeNull();
  });

  it('gives each field its label, and each id once', () => {
    const ids = [...document.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
    const labelled = [...document.matchAll(/<label for="([^"]+)"/g)].map(([, id]) => id);
    const fields = [...document.matchAll(/<(?:input|select)\b(?![^>]*type="hidden")[^>]*\sid="([^"]+)"/g)].map(
      ([, id]) => id,
    );
    expect(fields).toEqual(labelled);
  });
});

it('shows hostile words in full, where they belong', () => {
  const shown = HOSTILE.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  for (const name of ['parked', 'mapping', 'incident'] as const) expect(richViews()[name].includes(shown)).toBe(true);
});

it('writes no HTML past the renderer', () => {
  const folder = fileURLToPath(new URL('../src', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(20);
  for (const file of files) expect(readFileSync(`${folder}/${file}`, 'utf8')).not.toContain('dangerouslySetInnerHTML');
  const script = assets.get('page.js')?.content ?? '';
  expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/);
});

it('allows nothing inline and nothing from elsewhere', () => {
  const policy = securityHeaders['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
  expect(securityHeaders).toMatchObject({
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  expect(assets.get('page.css')?.content).not.toMatch(/url\(|@import/);
  expect([pathOf('overview'), pathOf('verify')]).toEqual(['/page', '/page/verify']);
});

describe('the colours', () => {
  const css = assets.get('page.css')?.content ?? '';
  const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)');
  const themes = { light: colours(light), dark: { ...colours(light), ...colours(dark.slice(0, dark.indexOf('* {'))) } };
  const inks = ['--text', '--dim', '--accent', '--good', '--warn', '--bad'];
  const pairs: readonly (readonly [string, string])[] = [
    ...inks.flatMap((ink) => [[ink, '--panel'] as const, [ink, '--ground'] as const]),
    ...['--sunk', '--good-soft', '--bad-soft', '--accent-soft'].map((paper) => ['--text', paper] as const),
    ['--bad', '--bad-soft'],
    ['--on-accent', '--accent'],
    ['--panel', '--bad'],
  ];
  it.each(Object.entries(themes))('of the %s theme can be read: a contrast of 4.5 or more', (_, theme) => {
    for (const [ink, paper] of pairs)
      expect([ink, paper, contrast(theme[ink], theme[paper]) >= 4.5]).toEqual([ink, paper, true]);
    // The edges of fields, and focus.
    for (const edge of ['--edge', '--accent'])
      expect(contrast(theme[edge], theme['--panel'])).toBeGreaterThanOrEqual(3);
  });
});

function colours(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/(--[a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
}

/** By WCAG 2.2. */
function contrast(one = '', other = ''): number {
  const light = (hex: string): number => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const part = parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [high = 0, low = 0] = [light(one), light(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

describe('plots', () => {
  it('put minutes together, and keep minutes without a host apart from idle ones', () => {
    const span = spanTo(3_600_000, 1, 300_000);
    expect(span).toEqual({ fromMs: 300_000, bucketMs: 300_000, count: 12 });
    const minute = (atMs: number, delivered: number, lagSeconds: number) => ({ atMs, delivered, lagSeconds });
    const points = [
      minute(0, 99, 9),
      minute(300_000, 2, 1),
      { ...minute(360_000, 3, 4), p50Seconds: 2, p99Seconds: 5 },
      minute(3_600_000, 0, 0),
    ];
    const buckets = bucketsOf(points, span);
    expect(buckets[0]).toEqual({ atMs: 300_000, seen: { delivered: 5, lagSeconds: 4, p50Seconds: 2, p99Seconds: 5 } });
    expect(buckets[1]).toEqual({ atMs: 600_000 });
    expect(buckets.at(-1)).toEqual({ atMs: 3_600_000, seen: { delivered: 0, lagSeconds: 0 } });
  });

  it('end at numbers that are easy to read', () => {
    expect([0.1, 1, 1.2, 7, 61, 620, 0].map(roundedUp).map((value) => Number(value.toPrecision(3)))).toEqual([
      0.1, 1, 1.5, 8, 80, 800, 0.001,
    ]);
  });
});

it('says durations and rates for a glance', () => {
  expect([0, 240, 4_200, 94_000, 600_000, 7_300_000, 200_000_000].map(durationText)).toEqual([
    '0 s',
    '240 ms',
    '4.2 s',
    '94 s',
    '10 min',
    '2 h',
    '2 d',
  ]);
  expect([0, 0.01, 0.44, 12.3, 1234].map(rateText)).toEqual(['0', '< 0.1', '0.4', '12', '1,234']);
});
