import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Simulator } from '@soar-feed/soar-simulator';
import { mirrorConfig, startPair } from './helpers/mirror.js';
import { Site } from './helpers/Site.js';
import type { Sections } from './helpers/Site.js';
import { SoarFeed, soarFeed } from './helpers/soarFeed.js';
import { until } from './helpers/until.js';

jest.setTimeout(180_000);

const KEYS: Sections[string] = { api_key_secret: '$MIRROR' };

describe('SIGHUP', () => {
  let simulator: Simulator;
  let site: Site;
  let host: SoarFeed;
  beforeEach(async () => {
    simulator = await startPair();
    site = new Site();
    site.write('secrets/SOURCE', 'secret-201');
    site.write('secrets/MIRROR', 'secret-301');
  });
  afterEach(async () => {
    host.signal('SIGKILL');
    await simulator.stop();
    site.remove();
  });

  const write = (resilient: Sections[string] = {}, mirror: Sections[string] = {}): void =>
    site.write(
      'app.config',
      mirrorConfig(
        simulator,
        { ...KEYS, ...mirror },
        {
          resilient: { secrets_folder: 'secrets', api_key_secret: '$SOURCE', ...resilient },
        },
      ),
    );
  const events = (name: string): readonly string[] =>
    host.log.filter(({ event }) => event === name).map(({ msg }) => String(msg));
  /** Sends the signal, and gives what the host says once it has read. */
  const hangUp = async (how: 'host.refreshed' | 'host.refresh-refused'): Promise<string> => {
    const before = events(how).length;
    host.signal('SIGHUP');
    await until(() => events(how).length > before, `another ${how}`);
    return events(how).at(-1) ?? '';
  };
  const arrives = async (name: string): Promise<void> => {
    simulator.org(201).createIncident({ name, discovered_date: 1_700_000_000_000 });
    await until(
      () =>
        simulator
          .org(301)
          .incidents()
          .some((incident) => incident.name === name),
      name,
    );
  };

  it('uses rotated secrets of the source and of a target without a restart, and loses nothing', async () => {
    write();
    host = new SoarFeed(['run', '-c', site.config], { deadlineMs: 170_000 });
    await host.event('host.ready');
    await arrives('Before');
    expect(await hangUp('host.refreshed')).toContain('no new secrets');

    site.write('secrets/SOURCE', 'rotated-201');
    simulator.org(201).changeSecret('key-201', 'rotated-201');
    expect(await hangUp('host.refreshed')).toContain('new secrets of [resilient]');
    // A reload by the host reads the source with the new secret.
    expect(await soarFeed(['reload', '-c', site.config])).toMatchObject({ code: 0 });

    site.write('secrets/MIRROR', 'rotated-301');
    simulator.org(301).changeSecret('key-301', 'rotated-301');
    // While nobody has told the host, the target refuses it; nothing is lost.
    simulator.org(201).createIncident({ name: 'Between', discovered_date: 1_700_000_000_000 });
    await host.event('feed.down');
    expect(await hangUp('host.refreshed')).toContain('new secrets of [mirror]');
    await arrives('After');
    await until(
      () =>
        simulator
          .org(301)
          .incidents()
          .filter(({ name }) => name === 'Between').length === 1,
      'Between',
    );
    for (const secret of ['secret-201', 'secret-301', 'rotated-201', 'rotated-301'])
      expect(host.stdout + host.stderr).not.toContain(secret);

    // What does not work is refused, and the old ones stay.
    site.write('secrets/SOURCE', 'wrong');
    site.write('secrets/MIRROR', 'wrong, too');
    host.signal('SIGHUP');
    await until(() => events('host.refresh-refused').length === 2, 'both refusals');
    expect(events('host.refresh-refused')).toEqual([
      expect.stringMatching(/^\[resilient\] keeps its old secrets, because .*\[resilient\] api_key_id, api_key_secret/),
      expect.stringMatching(/^\[mirror\] keeps its old secrets/),
    ]);
    await arrives('Still');
    expect(await soarFeed(['reload', '-c', site.config])).toMatchObject({ code: 0 });
  });

  it('changes the log level, takes nothing from a faulty file, and says what needs a restart', async () => {
    write();
    host = new SoarFeed(['run', '-c', site.config], { deadlineMs: 170_000 });
    await host.event('host.ready');
    expect(host.log.some(({ level }) => level === 'debug')).toBe(false);
    write({ loglevel: 'debug' }, { delete_incidents: 'true' });
    await hangUp('host.refreshed');
    await until(() => events('host.restart-needed').length > 0, 'what needs a restart');
    expect(events('host.restart-needed').at(-1)).toMatch(/what else has changed: \[mirror\]\.$/);
    await arrives('In detail');
    await until(() => host.log.some(({ level }) => level === 'debug'), 'a line in detail');

    write({ port: 'many' });
    expect(await hangUp('host.refresh-refused')).toMatch(/SIGHUP changes nothing[^]*\[resilient\] port: found "many"/);
    write({ api_key_secret: '$NOWHERE' });
    expect(await hangUp('host.refresh-refused')).toMatch(/\$NOWHERE is not set in the environment/);
    await arrives('After faults');
    host.signal('SIGTERM');
    expect(await host.ended).toMatchObject({ code: 0 });
  });
});
