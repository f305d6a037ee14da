import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FeedEvent, SoarObject } from '@soar-feed/core';
import { SoarClient } from '@soar-feed/soar-client';
import type { FieldDto, SoarConnection } from '@soar-feed/soar-client';
import { demoOrgs, seedIncidents, startSimulator } from '@soar-feed/soar-simulator';
import type { Simulator } from '@soar-feed/soar-simulator';
import { ExcludedFields } from '../../src/fields/ExcludedFields.js';
import { toBody } from '../../src/translate/bodies.js';
import { fieldDigests } from '../../src/translate/digest.js';
import { equalValues } from '../../src/translate/normalise.js';
import { TargetCatalog } from '../../src/translate/TargetCatalog.js';
import { translate } from '../../src/translate/translate.js';
import { fieldKey } from '../../src/fields/TranslatedField.js';
import { SourceEvents } from '../helpers/SourceEvents.js';

const INCIDENTS = 12;
const options = { sourceHost: 'source', exclude: ExcludedFields.none, syncReferenceFields: true, keepAuthor: true };

describe('translation of what a platform really answers', () => {
  let simulator: Simulator;
  let source: SourceEvents;
  let target: SoarClient;
  let catalog: TargetCatalog;
  let incidents: FeedEvent[];

  beforeAll(async () => {
    const orgs = demoOrgs();
    simulator = await startSimulator({ orgs: [orgs.source, orgs.target] });
    seedIncidents(simulator.org(orgs.source.id), { incidents: INCIDENTS, seed: 7 });
    const connection = (orgId: number): SoarConnection => ({
      host: simulator.host,
      port: simulator.restPort,
      cafile: simulator.caFile,
      org: String(orgId),
      apiKeyId: `key-${orgId}`,
      apiKeySecret: `secret-${orgId}`,
    });
    source = await SourceEvents.connect(connection(orgs.source.id));
    target = await SoarClient.connect(connection(orgs.target.id));
    catalog = await TargetCatalog.load(target);
    incidents = [];
    for await (const page of source.client.incidents.pages({})) {
      incidents.push(...page.map((dto) => source.event('incident', dto.id, dto)));
    }
  }, 30_000);

  afterAll(async () => {
    await source.client.close();
    await target.close();
    await simulator.stop();
  });

  it('an incident has the same digests with ids and with objects for handles', async () => {
    expect(incidents).toHaveLength(INCIDENTS);
    for (const incident of incidents) {
      const shown = await source.client.rest.get<SoarObject>(`/incidents/${incident.key.objectId}`, {
        query: { handle_format: 'objects', text_content_output_format: 'objects_convert' },
      });
      expect(digests({ ...incident, payload: shown })).toEqual(digests(incident));
    }
  });

  it('what belongs to it has the same digests from a search and from its own endpoint', async () => {
    const ids = incidents.map((incident) => incident.key.objectId);
    const whole = (await Promise.all(ids.map((id) => source.whole(id)))).flat();
    const found = await source.client.search.children({
      minIncidentId: Math.min(...ids),
      maxIncidentId: Math.max(...ids),
      types: ['task', 'note', 'milestone', 'artifact', 'attachment', 'datatable'],
    });
    const byId = new Map(found.map(({ type_id: type, obj_id: id, result }) => [`${type}/${id}`, result]));
    let compared = 0;
    for (const event of whole.filter(({ key }) => key.type !== 'incident')) {
      const isRow = event.schema.kind === 8;
      const result = byId.get(`${isRow ? 'datatable' : event.key.type}/${event.key.objectId}`);
      if (result === undefined) throw new Error(`the search lacks ${event.key.type} ${event.key.objectId}`);
      expect(digests({ ...event, payload: result })).toEqual(digests(event));
      compared++;
    }
    expect(compared).toBeGreaterThan(10 * INCIDENTS);
  }, 30_000);

  it('the target takes every incident, and shows it equal to what was written', async () => {
    const compared = new Set<string>();
    for (const incident of incidents) {
      const { fields } = translate(incident, catalog, options);
      const open = fields.map((field) => (field.name === 'plan_status' ? { ...field, value: 'A' } : field));
      const created = await target.incidents.create(toBody(open));
      const now = await target.incidents.get(created.id);
      for (const field of open.filter(({ createOnly, unlisted }) => !createOnly && !unlisted)) {
        const section = field.prefix === undefined ? now : (now[field.prefix] as SoarObject);
        if (!equalValues(field, section[field.name], field.value)) {
          throw new Error(
            `${fieldKey(field)}: ${JSON.stringify(section[field.name])} is not ${JSON.stringify(field.value)}`,
          );
        }
        compared.add(fieldKey(field));
      }
      // And by the platform's own description, in which none of our code has a part.
      expect(now['name']).toBe(incident.payload['name']);
      expect(now['discovered_date']).toBe(incident.payload['discovered_date']);
      expect(labelOf('severity_code', now, await target.types.fields('incident'))).toBe(
        labelOf('severity_code', incident.payload, await source.client.types.fields('incident')),
      );
    }
    for (const key of ['name', 'description', 'severity_code', 'discovered_date', 'incident_type_ids']) {
      expect(compared).toContain(key);
    }
  }, 30_000);

  it('the comparison tells one incident from another', async () => {
    const [one, other] = incidents.map((incident) => digests(incident));
    for (const found of [one, other]) expect(Object.keys(found ?? {}).length).toBeGreaterThan(10);
    expect(one).not.toEqual(other);
    const [name] = translate(incidents[0] as FeedEvent, catalog, options).fields.filter(
      (field) => field.name === 'name',
    );
    if (name === undefined) throw new Error('an incident has a name');
    expect(equalValues(name, incidents[1]?.payload['name'], name.value)).toBe(false);
  });

  function digests(event: FeedEvent): Record<string, string> {
    return fieldDigests(translate(event, catalog, options).fields);
  }
});

/** A select value's label, as the platform's own description of its type has it. */
function labelOf(name: string, object: SoarObject, fields: readonly FieldDto[]): string | undefined {
  const value = object[name];
  const id = typeof value === 'object' && value !== null ? (value as SoarObject)['id'] : value;
  if (id === null || id === undefined) return undefined;
  const option = fields.find((field) => field.name === name)?.values?.find((one) => one.value === id);
  if (option === undefined) throw new Error(`${name} has no option ${String(id)}`);
  return option.label;
}
