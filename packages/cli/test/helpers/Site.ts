import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Simulator } from '@soar-feed/soar-simulator';

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));

/** A folder outside the monorepo, as a user has one: an app.config and what npm would have installed beside it. */
export class Site {
  readonly folder = mkdtempSync(join(tmpdir(), 'soar-feed-site-'));
  readonly config = join(this.folder, 'app.config');

  path(name: string): string {
    return join(this.folder, name);
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** The paths of all files below a folder. */
  files(name: string): readonly string[] {
    return readdirSync(this.path(name), { recursive: true, encoding: 'utf8' });
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  makeFolder(name: string): string {
    mkdirSync(this.path(name), { recursive: true });
    return this.path(name);
  }

  /** A target package in `folder`, found by its name or path. `source` is its ES module. */
  addPackage(
    name: string,
    { contract = 1, types = [name], source = lineFeed(name), folder = `node_modules/${name}` } = {},
  ): void {
    const manifest = { name, version: '1.2.3', type: 'module', main: 'index.js', soarFeed: { contract, types } };
    this.write(`${folder}/package.json`, JSON.stringify(manifest));
    this.write(`${folder}/index.js`, source);
    this.linkCore();
  }

  /** The peers of a target package, where npm would put them. */
  private linkCore(): void {
    if (this.has('node_modules/@soar-feed/core')) return;
    this.makeFolder('node_modules/@soar-feed');
    symlinkSync(join(REPOSITORY, 'packages/core'), this.path('node_modules/@soar-feed/core'));
    symlinkSync(join(REPOSITORY, 'node_modules/inversify'), this.path('node_modules/inversify'));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A few lines that make a target: it appends what it gets to the file `out`, fails on `refuses`, and never ends
 * on `hangs_on`, which it says before. */
export function lineFeed(type: string): string {
  return `
import { appendFileSync } from 'node:fs';
import { defineFeedTarget, FeedTokens, field, PermanentError, z } from '@soar-feed/core';
import { ContainerModule } from 'inversify';

class LineFeed {
  capabilities = { deletes: 'apply', content: false };
  constructor(config, name) { this.config = config; this.name = name; }
  async open() {}
  async deliver(event) {
    if (event.key.type === this.config.refuses) throw new PermanentError('no ' + event.key.type + ' here', { code: 'line-refused' });
    if (event.key.type === this.config.hangs_on) {
      appendFileSync(this.config.out, this.name + ' hangs\\n');
      await new Promise(() => {});
    }
    appendFileSync(this.config.out, this.name + ' ' + event.operation + ' ' + event.key.type + '\\n');
    return { status: 'delivered', change: 'created' };
  }
  async close() {}
}

export default defineFeedTarget({
  type: '${type}',
  contract: 1,
  summary: 'One line per event.',
  config: z.object({
    out: field.path({ doc: 'File to append to.' }),
    refuses: field.text({ doc: 'Type to refuse.' }).optional(),
    hangs_on: field.text({ doc: 'Type to hang on.' }).optional(),
  }),
  module: new ContainerModule(({ bind }) => {
    bind(FeedTokens.Target)
      .toResolvedValue((config, name) => new LineFeed(config, name), [FeedTokens.Config, FeedTokens.Name])
      .inSingletonScope();
  }),
});
`;
}

/** The sections of an app.config as text; later values win, `undefined` takes a key out. */
export type Sections = Readonly<Record<string, Readonly<Record<string, string | undefined>>>>;

/** An app.config that reads the simulator's org 201, with `more` on top. */
export function appConfig(simulator: Simulator, more: Sections = {}): string {
  const base: Sections = {
    resilient: {
      host: simulator.host,
      port: String(simulator.restPort),
      stomp_port: String(simulator.stompPort),
      org: 'Acme',
      api_key_id: 'key-201',
      api_key_secret: 'secret-201',
      cafile: simulator.caFile,
    },
    feeds: {},
  };
  const names = [...new Set([...Object.keys(base), ...Object.keys(more)])];
  return names
    .map((name) => {
      const values = Object.entries({ ...base[name], ...more[name] });
      const lines = values.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
      return `[${name}]\n${lines.join('\n')}\n`;
    })
    .join('\n');
}
