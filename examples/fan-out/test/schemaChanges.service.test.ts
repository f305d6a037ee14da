import { afterEach, expect, it } from '@jest/globals';
import { demoOrgs } from '@soar-feed/soar-simulator';
import { MISSING_LIBRDKAFKA } from '../../../packages/kafka-feed/test/support/mockKafka.js';
import { Customizing } from './Customizing.js';
import { EveryTarget } from './EveryTarget.js';

const NAME = 'every target follows a schema that changes while it runs: without a restart, and without loss';

if (MISSING_LIBRDKAFKA !== undefined && process.env['REQUIRE_SERVICES'] === '1') throw new Error(MISSING_LIBRDKAFKA);
const test = MISSING_LIBRDKAFKA === undefined ? it : it.skip;

let every: EveryTarget | undefined;
afterEach(async () => every?.stop());

test(
  NAME,
  async () => {
    every = await EveryTarget.start(demoOrgs());
    const { run, source } = every;
    // The replica can only take what its organization has: whoever changes the source changes that first.
    const orgs = [run.simulator.org(202), source].map((org) => new Customizing(run.simulator, org));
    const customize = async (change: (org: Customizing) => Promise<void>): Promise<void> => {
      for (const org of orgs) await change(org);
    };
    const incident = (properties: Record<string, unknown>, more: object = {}): number =>
      source.createIncident({ name: 'Changing', discovered_date: 1, properties, ...more }).id;
    const stillEqual = async (): Promise<void> => {
      await run.answered();
      await every?.equal();
    };
    const first = incident({});
    await run.run();
    await run.until('the reload ends', () => run.log.includes('reload.finished'));
    await stillEqual();

    // A new field.
    await customize((org) =>
      org.fields({ name: 'reviewer', input_type: 'text' }, { name: 'amount', input_type: 'number' }),
    );
    incident({ reviewer: 'Grace Hopper', amount: 12 });
    await stillEqual();

    // A new option, of a select that the platform brings.
    await customize((org) =>
      org.fields({ name: 'severity_code', input_type: 'select', values: [{ label: 'Catastrophic' }] }),
    );
    incident({}, { severity_code: 'Catastrophic' });
    await stillEqual();

    // A new data table.
    await customize((org) =>
      org.table('late_hosts', { name: 'host', input_type: 'text' }, { name: 'risk', input_type: 'number' }),
    );
    source.addRow(first, 'late_hosts', { host: 'db-1', risk: 7 });
    await stillEqual();

    // A field with another name, and one with another type: the platform makes them anew, and says nothing of either.
    await customize((org) => org.removeField('reviewer'));
    await customize((org) => org.removeField('amount'));
    await customize((org) =>
      org.fields({ name: 'reviewed_by', input_type: 'text' }, { name: 'amount', input_type: 'text' }),
    );
    for (const id of source.incidentIds())
      source.updateIncident(id, { properties: { reviewed_by: `Reviewer of ${id}`, amount: 'about twelve' } });
    await stillEqual();

    // Four hundred fields.
    const names = Array.from({ length: 400 }, (_, at) => `custom_field_no_${at}`);
    await customize((org) => org.fields(...names.map((name) => ({ name, input_type: 'text' as const }))));
    incident(Object.fromEntries(names.map((name, at) => [name, `the value <${at}>`])));
    await stillEqual();

    expect(await run.end()).toBe(0);
    expect(run.log).toMatch(/archive: \d+ delivered, 0 parked/);
  },
  1_800_000,
);
