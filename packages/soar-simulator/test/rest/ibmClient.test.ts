import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { likeliest, startSimulator } from '../../src/index.js';
import type { Behaviour, Simulator } from '../../src/index.js';
import { RestClient, upload } from '../helpers/RestClient.js';
import { sourceOrg, targetOrg } from '../helpers/twoOrgs.js';

/** What IBM's own client, app host and feed rely on, and what they send where a server may accept two forms. */
describe("what IBM's own client expects", () => {
  let simulator: Simulator;
  let rest: RestClient;
  beforeAll(async () => {
    simulator = await startSimulator({ orgs: [sourceOrg, targetOrg], tls: false });
    rest = new RestClient(simulator.restUrl, 201);
  });
  afterEach(() => behave({}));
  afterAll(() => simulator.stop());

  const behave = (changes: Partial<Behaviour>) => void (simulator.behaviour = { ...likeliest, ...changes });
  const incident = (more: object = {}) =>
    simulator.org('Source').createIncident({ name: 'x', discovered_date: 1, ...more }).id;
  const search = async (query: string, type: string) =>
    (await rest.ok('POST', '/rest/search_ex', { org_id: 201, query, types: [type] })).results;

  it.each([
    ['mixed', { name: 'SOC', type: 'group' }, { name: 'High' }, [expect.any(Number), expect.any(Number)]],
    ['objects', { name: 'SOC' }, { name: 'High' }, [{ name: 'ada@example.com' }, { name: 'SOC' }]],
    ['ids', expect.any(Number), expect.any(Number), [expect.any(Number), expect.any(Number)]],
  ] as const)('search_ex gives handles as %s', async (searchHandles, owner, severity, members) => {
    behave({ searchHandles });
    const id = incident({ severity_code: 'High', owner_id: 'SOC', members: ['ada@example.com', 'SOC'] });
    const [found] = await search(`inc_id:${id}`, 'incident');
    expect(found.result).toMatchObject({ owner_id: owner, severity_code: severity, members, plan_status: 'A' });
    expect(found.inc_owner).toEqual(
      searchHandles === 'ids' ? expect.any(Number) : expect.objectContaining({ type: 'group' }),
    );
  });

  it('search_ex may give members as values, and counts nothing of a task', async () => {
    behave({ searchMembers: 'values' });
    const id = incident();
    simulator.org('Source').createTask(id, { name: 't', members: ['ada@example.com'] });
    const [{ result }] = await search(`inc_id:${id}`, 'task');
    expect(Object.values(result.members.values)).toMatchObject([{ name: 'ada@example.com' }]);
    expect(result).toMatchObject({ notes_count: null, attachments_count: null });
  });

  it('queries may name several incidents', async () => {
    const [one, , three] = [incident(), incident(), incident()];
    const ids = async (query: string) =>
      (await search(query, 'incident')).map((each: { obj_id: number }) => each.obj_id);
    expect(await ids(`inc_id:${one} OR inc_id:${three}`)).toEqual([one, three]);
    expect(await ids(`inc_id:[${one} TO ${one}] OR inc_id:${three}`)).toEqual([one, three]);
  });

  it('built-in artifact types have the same ids in every org, and both names; custom ones differ', async () => {
    const entities = async (org: number) =>
      (await new RestClient(simulator.restUrl, org).ok('GET', '/artifact_types')).entities;
    const idOf = (types: { name: string; id: number }[], name: string) => types.find((type) => type.name === name)?.id;
    const [source, target] = [await entities(201), await entities(202)];
    expect([idOf(source, 'IP Address'), idOf(target, 'IP Address'), idOf(target, 'X509 Certificate File')]).toEqual([
      1, 1, 36,
    ]);
    expect(idOf(source, 'Wallet')).toBeGreaterThanOrEqual(1000);
    const id = incident();
    for (const type of ['ip_address', { name: 'IP Address' }, 1, { name: 'wallet_address' }])
      expect((await rest.send('POST', `/incidents/${id}/artifacts`, { type, value: '10.0.0.1' })).status).toBe(200);
  });

  it.each([
    ['empty', 200],
    ['refused', 400],
  ] as const)('an owner of the name null is %s', async (nullName, status) => {
    behave({ nullName });
    const answer = await rest.send('POST', `/incidents/${incident()}/tasks`, { name: 't', owner_id: { name: null } });
    expect(answer.status).toBe(status);
    if (nullName === 'empty') expect(answer.body.owner_id).toBeNull();
  });

  it.each([
    ['public', null, null],
    ['private', true, []],
  ] as const)('a task with an empty list of members is %s', async (emptyMembers, isPrivate, members) => {
    behave({ emptyMembers });
    const id = incident();
    const sent = { name: 't', private: null, members: [] };
    expect(await rest.ok('POST', `/incidents/${id}/tasks`, sent)).toMatchObject({ private: isPrivate, members });
    const secret = await rest.ok('POST', `/incidents/${id}/tasks`, { ...sent, private: true });
    expect(secret).toMatchObject({ private: true, members: [] });
    expect(await rest.ok('PUT', `/tasks/${secret.id}`, { ...sent, private: true })).toMatchObject({ private: true });
  });

  it.each(['object', 'list'] as const)('the upload of a file artifact answers as %s', async (fileArtifactAnswer) => {
    behave({ fileArtifactAnswer });
    const form = upload({ name: 'a.txt', content: 'bytes' }, { type: 'Other File' });
    const made = await rest.ok('POST', `/incidents/${incident()}/artifacts/files`, form);
    expect(Array.isArray(made)).toBe(fileArtifactAnswer === 'list');
    expect([made].flat()[0]).toMatchObject({ value: 'a.txt' });
  });

  it('const says the limits that hold', async () => {
    behave({ maxPageSize: 50, maxAttachmentMb: 7 });
    expect(await rest.ok('GET', '/rest/const')).toMatchObject({ max_page_size: 50, max_attachment_mb: 7 });
    expect((await rest.send('POST', '/incidents/query_paged', { length: 51 })).status).toBe(400);
  });

  it('there are timers and a task tree', async () => {
    const id = incident({ severity_code: 'High' });
    const { entities } = await rest.ok('POST', '/timers', [id]);
    expect(entities[0].referenceObject).toMatchObject({ object_id: id, type_name: 'incident' });
    expect(entities[0].timer_fields).toContainEqual(
      expect.objectContaining({
        field_name: 'severity_code',
        field_values: [expect.objectContaining({ field_value: 'High' })],
      }),
    );
    const task = simulator.org('Source').createTask(id, { name: 't' });
    expect(await rest.ok('GET', `/incidents/${id}/tasktree`)).toMatchObject([{ id: task.id, child_tasks: [] }]);
  });
});
