import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const root = new URL('../../../', import.meta.url);
const text = readFileSync(new URL('docs/write-a-target.md', root), 'utf8');

/** A block of code below a comment that names its file. */
const BLOCK = /^<!-- (examples\/\S+) -->\n\n```\w+\n([\s\S]*?)\n```$/gm;

describe('docs/write-a-target.md', () => {
  const shown = [...text.matchAll(BLOCK)].map(([, file, code]) => [file as string, code as string] as const);

  it('shows the whole package: manifest, settings, module, target, configuration, set-up and test', () => {
    const files = shown.map(([file]) => file.replace('examples/custom-target/', ''));
    for (const part of ['package.json', 'tsconfig.json', 'src/index.ts', 'src/Webhook.ts', 'app.config']) {
      expect(files).toContain(part);
    }
    for (const part of ['jest.config.mjs', 'test/contract.test.ts', 'test/realms.test.ts'])
      expect(files).toContain(part);
    // The page shows no other code, which no test would compile; its commands are run by packing's trials.
    expect(text.match(/^```(?!sh)\w+$/gm)).toHaveLength(shown.length);
    expect(text.match(/^<!-- packing: these commands -->\n\n```sh$/gm)).toHaveLength(1);
    expect(text.match(/^```sh$/gm)).toHaveLength(1);
  });

  it.each(shown)('shows %s as it is', (file, code) => {
    const there = readFileSync(new URL(file, root), 'utf8').trimEnd();
    // The two kinds of file are formatted differently.
    if (file.endsWith('.json')) expect(JSON.parse(code)).toEqual(JSON.parse(there));
    else expect(code).toBe(there);
  });
});
