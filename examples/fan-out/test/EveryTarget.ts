import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { compareOrgs } from '@soar-feed/soar-simulator';
import type { OrgOptions, SimOrg } from '@soar-feed/soar-simulator';
import type { Destination } from './destinations/Destination.js';
import { documents } from './destinations/documents.js';
import { events } from './destinations/events.js';
import { files } from './destinations/files.js';
import { messages } from './destinations/messages.js';
import { posts } from './destinations/posts.js';
import type { Posts } from './destinations/posts.js';
import { Shown } from './destinations/Shown.js';
import { tables } from './destinations/tables.js';
import { FanOut } from './FanOut.js';

const WITHIN_MS = 600_000;

/** The feeds of IBM's flat objects: all but the replica. */
export const FLAT = ['notify', 'archive', 'reports', 'search', 'topic', 'events'];

/** One host that feeds every target there is, all with everything; each destination is judged by a check of its own. */
export class EveryTarget {
  static async start(orgs: { readonly source: OrgOptions; readonly target: OrgOptions }): Promise<EveryTarget> {
    const folder = await mkdtemp(join(tmpdir(), 'fan-out-'));
    const hook = await posts();
    const destinations = [
      ...[hook, files(folder), tables(folder)],
      ...[await documents(), await messages(), await events(folder)],
    ];
    const run = await FanOut.start({
      ...{ folder, ...orgs, webhookUrl: hook.receiver.url },
      edit: (config) => configure(config, destinations),
    });
    return new EveryTarget(run, hook, destinations);
  }

  readonly source: SimOrg;

  private constructor(
    readonly run: FanOut,
    readonly hook: Posts,
    private readonly destinations: readonly Destination[],
  ) {
    this.source = run.source;
  }

  /** Waits until each destination has what the source has now, or only those of some feeds. Parked objects have a while to come back. */
  async equal(feeds?: readonly string[]): Promise<void> {
    const { run } = this;
    const { simulator } = run;
    const shown = new Shown(simulator.dump(this.source.id));
    const source = shown.source();
    expect(source.length).toBeGreaterThanOrEqual(this.source.incidentIds().length);
    for (const destination of this.destinations.filter(({ feed }) => feeds?.includes(feed) ?? true)) {
      const isEqual = async (): Promise<boolean> => (await destination.objects(shown)).join('\n') === source.join('\n');
      await run.until(`${destination.feed} equals the source`, isEqual, WITHIN_MS).catch(async (error: unknown) => {
        expect(await destination.objects(shown)).toEqual(source);
        throw error;
      });
    }
    if (feeds !== undefined) return;
    const compared = () => compareOrgs(simulator.dump(this.source.id), simulator.dump(202));
    const same = async (): Promise<boolean> => compared().identical;
    await run.until('the replica equals the source', same, WITHIN_MS).catch((error: unknown) => {
      expect(compared()).toMatchObject({ missing: [], doubled: [], different: [] });
      throw error;
    });
  }

  async stop(): Promise<void> {
    await this.run.stop();
    for (const destination of this.destinations) await destination.stop?.();
    await rm(this.run.folder, { recursive: true, force: true });
  }
}

/** Everything to everybody. The simulated server commits at once: what a lost answer made need not be waited for. */
function configure(config: string, destinations: readonly Destination[]): string {
  const own = destinations.flatMap(({ feed, section }) =>
    section === undefined ? [] : [`[${feed}]`, ...Object.entries(section).map(([key, value]) => `${key}=${value}`)],
  );
  return [
    config
      .replace(/^feed_names=.*$/m, `feed_names=${['replica', ...destinations.map(({ feed }) => feed)].join(', ')}`)
      .replace(/^workspaces=.*$/m, 'reload=true')
      .replace(/^\[notify\]\n(.+\n)*/m, '')
      .replace('[resilient]', '[resilient]\nloglevel=debug')
      .trimEnd(),
    'create_settle=2s',
    ...own,
    '',
  ].join('\n');
}
