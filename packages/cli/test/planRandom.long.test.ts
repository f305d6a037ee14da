import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { differingOrgs, readJson, runWorkload, seedIncidents, startSimulator } from '@soar-feed/soar-simulator';
import type { HeardWrite, Simulator } from '@soar-feed/soar-simulator';
import type { Plan } from '@soar-feed/core/runtime';
import { matchWrites } from './helpers/matchWrites.js';
import { appConfig, Site } from './helpers/Site.js';
import { OneProcess } from './helpers/OneProcess.js';

jest.setTimeout(300_000);

const READS = /\/(query_paged|session|query)$/;

/** Random incidents and random work on them, between two organizations that differ in twenty ways. */
describe('plans of random incidents', () => {
  let simulator: Simulator;
  let site: Site;
  let commands: OneProcess;
  const heard: HeardWrite[] = [];
  const ever = new Set<number>();

  beforeAll(async () => {
    // Tasks that the target makes by itself are known only once it has made them.
    const orgs = Object.values(differingOrgs()).map((org) => ({ ...org, autoTasks: [] }));
    simulator = await startSimulator({ orgs, onWrite: (write) => heard.push(write) });
    const org = simulator.org(201);
    org.setRules(false);
    seedIncidents(org, { incidents: 8, files: 0.2, seed: 3 });
    site = new Site();
    site.write(
      'app.config',
      appConfig(simulator, {
        resilient: { org: org.name },
        feeds: { feed_names: 'mirror' },
        mirror: {
          ...{ class: 'resilient', host: simulator.host, port: String(simulator.restPort) },
          ...{ org: 'Target Organization', api_key_id: 'key-202', api_key_secret: 'secret-202' },
          ...{ cafile: simulator.caFile, sqlite_sync_file: 'sync.db', delete_incidents: 'true', concurrency: '1' },
        },
      }),
    );
    commands = new OneProcess(site.folder);
  });
  afterAll(async () => {
    await commands.end();
    site.remove();
    await simulator.stop();
  });

  /** Plans and reloads one incident after the other; returns how many requests were planned and received alike. */
  async function planAndReloadAll(): Promise<number> {
    for (const id of simulator.org(201).incidentIds()) ever.add(id);
    const more = ['--method', 'query', '--allow-deletes', '500', '--json'];
    let requests = 0;
    for (const id of ever) {
      heard.length = 0;
      const { stdout } = await commands.run('plan', String(id), ...more);
      expect(heard.filter(({ path }) => !READS.test(path) && !path.endsWith('/search_ex'))).toEqual([]);
      heard.length = 0;
      await commands.run('reload', '--min', String(id), '--max', String(id), ...more);
      const { feeds } = readJson(stdout) as Plan;
      const planned = (feeds[0]?.incidents ?? []).flatMap(({ steps }) => steps.flatMap((step) => step.requests));
      const both = matchWrites(
        planned,
        heard.filter(({ org, path }) => org === 202 && !READS.test(path)),
      );
      expect(both.planned).toEqual(both.heard);
      requests += planned.length;
    }
    return requests;
  }

  it('are what a first reload then sends, request by request', async () => {
    expect(await planAndReloadAll()).toBeGreaterThan(80);
  });

  it('are what a reload sends after random work, deletes included', async () => {
    await runWorkload(simulator.org(201), { operations: 250, seed: 5 });
    expect(await planAndReloadAll()).toBeGreaterThan(50);
    const gone = [...ever].filter((id) => !simulator.org(201).incidentIds().includes(id));
    expect(gone.length).toBeGreaterThan(0);
  });

  it('are empty once all is there', async () => {
    expect(await planAndReloadAll()).toBe(0);
  });
});
