import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { chmodSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Site } from '../helpers/Site.js';
import { soarFeed } from '../helpers/soarFeed.js';

jest.setTimeout(120_000);

const BIN = fileURLToPath(new URL('../../bin/soar-feed.js', import.meta.url));

/** Types into `config init` on a terminal of its own (`script` is part of Debian's base system); gives what it showed. */
async function onTerminal(
  cwd: string,
  typed: string,
): Promise<{ readonly code: number | null; readonly shown: string }> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: cwd, TERM: 'dumb' };
  const child = spawn('script', ['-qec', `"${process.execPath}" "${BIN}" config init`, '/dev/null'], { cwd, env });
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => {
    // Before the first question nobody reads, and the terminal would show the answers first.
    if (shown === '') child.stdin.write(typed);
    shown += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { code, shown };
}

describe('config', () => {
  let site: Site;
  beforeEach(() => {
    site = new Site();
  });
  afterEach(() => site.remove());

  it('update shows what is missing, and with --write adds it: mark, line ends, mode and link stay', async () => {
    const text = '\uFEFF[resilient]\r\nhost=h\r\n[feeds]\r\nfeed_names=files\r\n[files]\r\nclass=FileFeed\r\n';
    writeFileSync(site.path('real.config'), text, { mode: 0o640 });
    chmodSync(site.path('real.config'), 0o640);
    symlinkSync('real.config', site.config);
    const shown = await soarFeed(['config', 'update', '-c', site.config]);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(/^\+#directory=\.$/m);
    expect(shown.stdout).toContain('Nothing was changed. With --write, this adds');
    expect(site.read('real.config')).toBe(text);

    expect((await soarFeed(['config', 'update', '--write', '--json', '-c', site.config])).stdout).toMatch(
      /"written": true/,
    );
    const result = readFileSync(site.path('real.config'), 'utf8');
    expect(result.startsWith('\uFEFF[resilient]\r\nhost=h\r\n#')).toBe(true);
    expect(result).not.toMatch(/[^\r]\n/);
    expect(lstatSync(site.config).isSymbolicLink()).toBe(true);
    expect(statSync(site.path('real.config')).mode & 0o777).toBe(0o640);
    expect(site.files('.').filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect((await soarFeed(['config', 'update', '-c', site.config])).stdout).toMatch(/^Nothing is missing in /);
  });

  it('init never asks in a pipe', async () => {
    expect(await soarFeed(['config', 'init'], { cwd: site.folder })).toMatchObject({ code: 0 });
    expect(site.read('app.config')).toContain('host=soar.example.com');
  });

  it('init asks on a terminal, also if the answers come at once', async () => {
    const answers = ['soar.acme.example', 'Acme', '', 'file', ''].map((line) => `${line}\r`).join('');
    const { code, shown } = await onTerminal(site.folder, answers);
    expect({ code, shown }).toMatchObject({ code: 0, shown: expect.stringContaining('Server name of SOAR') });
    expect(site.read('app.config')).toMatch(/host=soar\.acme\.example\n[^]*feed_names=file_feed\n/);
  });

  it('init writes nothing if the questions end without an answer', async () => {
    const { code, shown } = await onTerminal(site.folder, 'soar.acme.example\r\u0004');
    expect({ code, shown }).toMatchObject({ code: 2, shown: expect.stringContaining('nothing was written') });
    expect(site.files('.')).not.toContain('app.config');
  });
});
