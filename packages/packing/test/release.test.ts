import { describe, expect, it } from '@jest/globals';
import { cutChangelog, notesOf } from '../src/release/changelog.js';
import { raisePeers, raiseShown } from '../src/release/raiseVersion.js';

const changelog = `# Changelog

## Unreleased

### Features

- core: new.

## 0.1.0 (2026-01-01)

- core: old.
`;

describe('a release', () => {
  it('gives the unreleased lines to its version and makes room for the next', () => {
    const cut = cutChangelog(changelog, '0.2.0', '2026-02-03');
    expect(cut).toContain('## Unreleased\n\n## 0.2.0 (2026-02-03)\n\n### Features\n\n- core: new.\n');
    expect(notesOf(cut, '0.2.0')).toBe('### Features\n\n- core: new.');
    expect(notesOf(cut, '0.1.0')).toBe('- core: old.');
  });

  it('is refused without notes', () => {
    const cut = cutChangelog(changelog, '0.2.0', '2026-02-03');
    expect(() => cutChangelog(cut, '0.3.0', '2026-02-04')).toThrow('no line below "## Unreleased"');
    expect(() => notesOf(cut, '0.3.0')).toThrow('no heading "## 0.3.0 (date)"');
    expect(() => cutChangelog('# Changelog\n', '0.3.0', '2026-02-04')).toThrow('no heading "## Unreleased"');
  });

  it('raises peers of ours and leaves others alone', () => {
    const manifest = { name: 'a', peerDependencies: { '@soar-feed/core': '0.1.0', inversify: '^8.2.3' } };
    expect(JSON.parse(raisePeers(JSON.stringify(manifest), '0.2.0'))).toEqual({
      name: 'a',
      peerDependencies: { '@soar-feed/core': '0.2.0', inversify: '^8.2.3' },
    });
    const without = '{ "name": "b" }';
    expect(raisePeers(without, '0.2.0')).toBe(without);
  });

  it('raises the manifest that the guide shows', () => {
    const shown = '"name": "@soar-feed/x",\n"version": "0.1.0",\n"@soar-feed/core": "0.1.0",\n"jest": "30.5.2"';
    expect(raiseShown(shown, '1.0.0-rc.1')).toBe(
      '"name": "@soar-feed/x",\n"version": "1.0.0-rc.1",\n"@soar-feed/core": "1.0.0-rc.1",\n"jest": "30.5.2"',
    );
  });
});
