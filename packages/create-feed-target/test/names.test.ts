import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { manifestFor, TOOLS } from '../src/manifestFor.js';
import { namesFor, TAKEN_TYPES } from '../src/names.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(`${root}${path}`, 'utf8')) as Record<string, unknown>;

describe('the names of a project', () => {
  it.each([
    ['my-target', 'my-target', 'my', 'my-target'],
    ['soar-feed-chat', 'soar-feed-chat', 'chat', 'soar-feed-chat'],
    ['../work/chat.feed', 'chat.feed', 'chat', '../work/chat.feed'],
    ['@acme/chat-feed', '@acme/chat-feed', 'chat', 'chat-feed'],
  ])('%s: the package %s, class=%s, in %s', (place, packageName, type, folder) => {
    expect(namesFor(place)).toEqual({ packageName, type, folder });
  });

  it('take the type that is asked for', () => {
    expect(namesFor('my-target', { type: 'chat' }).type).toBe('chat');
  });

  it.each(['My-Target', '.', '..', '', ' ', 'a b', 'x;rm -rf', '@A/x', 'node_modules', 'größe', '-x', 'a\nb'])(
    'refuse %j as the name of a package',
    (place) => {
      expect(() => namesFor(place)).toThrow('cannot be the name of a package');
    },
  );

  it.each(["'; process.exit(); '", 'Chat', '1st', '../x', '${x}', ''])('refuse %j as a type', (type) => {
    expect(() => namesFor('my-target', { type })).toThrow('cannot be a type');
  });

  it('refuse the types of our own targets', () => {
    expect(() => namesFor('kafka-feed')).toThrow('belongs to a target of soar-feed');
    const ours = readdirSync(`${root}packages`).flatMap((name) => {
      const { soarFeed } = read(`packages/${name}/package.json`) as { soarFeed?: { types: readonly string[] } };
      return soarFeed?.types ?? [];
    });
    expect(ours.filter((type) => !TAKEN_TYPES.includes(type))).toEqual([]);
  });
});

describe('the manifest of a project', () => {
  const names = namesFor('my-target');

  it('takes our own packages at the version of this one', () => {
    expect(manifestFor(names, 'typescript', '7.8.9')).toMatchObject({
      keywords: ['soar-feed-target'],
      soarFeed: { contract: 1, types: ['my'] },
      exports: { '.': { default: './dist/index.js' } },
      peerDependencies: { '@soar-feed/core': '^7.8.9', inversify: expect.any(String) },
      devDependencies: { '@soar-feed/core': '7.8.9', '@soar-feed/feed-testkit': '7.8.9' },
    });
    expect(manifestFor(names, 'javascript', '7.8.9')).toMatchObject({
      exports: { '.': { default: './src/index.js' } },
    });
  });

  it('takes the tools that this repository uses', () => {
    const ours = read('package.json')['devDependencies'] as Record<string, string>;
    const core = read('packages/core/package.json') as { peerDependencies: Record<string, string> };
    expect(TOOLS.inversify).toBe(core.peerDependencies['inversify']);
    for (const name of ['typescript', 'eslint', 'typescript-eslint', '@types/node'] as const) {
      expect(TOOLS[name].replace('^', '')).toBe(ours[name]?.replace('^', ''));
    }
  });
});
