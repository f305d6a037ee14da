import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJson, runWorkload, seedIncidents, startSimulator, writeJson } from '../../src/index.js';
import type { OrgBackup, SimOrg, Simulator } from '../../src/index.js';
import { RestClient } from '../helpers/RestClient.js';
import { sourceOrg, targetOrg } from '../helpers/twoOrgs.js';

const orgs = [sourceOrg, targetOrg];

describe('a backup of an org', () => {
  let simulator: Simulator;
  let source: SimOrg;
  beforeEach(async () => {
    simulator = await startSimulator({ orgs, tls: false });
    source = simulator.org('Source');
    seedIncidents(source, { incidents: 3, files: 0.2, seed: 5 });
  });
  afterEach(() => simulator.stop());

  it('brings back what was deleted and older versions, and drops what is newer; no message tells of it', async () => {
    const before = source.dump();
    const backup = readJson(writeJson(source.backUp())) as OrgBackup;
    await runWorkload(source, { operations: 150, seed: 3 });
    expect(source.dump()).not.toEqual(before);
    await source.settled();
    const queued = simulator.broker.depth('actions.201.feed_data');
    source.restore(backup);
    expect(source.dump()).toEqual(before);
    expect(simulator.broker.depth('actions.201.feed_data')).toBe(queued);
  });

  it('is an org that works on: its objects are changed, its threads answered, its files read', async () => {
    const [id = 0] = source.incidentIds();
    const note = source.addNote({ incidentId: id }, 'First');
    const file = source.addAttachment({ incidentId: id }, { name: 'a.txt', content: Buffer.from('bytes') });
    const backup = source.backUp();
    source.deleteIncident(id);
    source.restore(backup);
    source.reply(note.id, 'Second');
    expect(source.note(note.id).children.map(({ text }) => text)).toEqual(['Second']);
    expect(source.content(file.id).toString()).toBe('bytes');
    const found = await new RestClient(simulator.restUrl, 201).ok('POST', '/rest/search_ex', {
      org_id: 201,
      query: `inc_id:${id}`,
      types: ['incident'],
    });
    expect(found.results).toHaveLength(1);
  });

  it.each([
    ['given-again', 0],
    ['continued', 1],
  ] as const)('ids are %s', (ids, later) => {
    const backup = source.backUp();
    const first = source.createIncident({ name: 'first', discovered_date: 1 }).id;
    source.restore(backup, { ids });
    expect(source.createIncident({ name: 'second', discovered_date: 1 }).id).toBe(first + later);
  });

  it('is refused by another org', () => {
    expect(() => simulator.org('Target').restore(source.backUp())).toThrow(/the org 201, not of 202/);
  });
});

describe('the state of a simulator', () => {
  const folder = mkdtempSync(join(tmpdir(), 'soar-simulator-state-'));
  const file = join(folder, 'state.json');
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('goes through a file: objects, rules, queued messages and their tokens', async () => {
    const before = await startSimulator({ orgs, tls: false });
    const source = before.org('Source');
    seedIncidents(source, { incidents: 2, files: 0.2, seed: 7 });
    source.setRules(false, 'task');
    const { id } = source.createIncident({ name: 'told', discovered_date: 1 });
    await before.saveState(file);
    const [dump, messages] = [source.dump(), before.broker.savedMessages()];
    await before.stop();

    const after = await startSimulator({ orgs, tls: false });
    try {
      await after.loadState(file);
      const again = after.org('Source');
      expect(again.dump()).toEqual(dump);
      expect(after.broker.savedMessages()).toEqual(messages);
      expect(messages).toHaveLength(1);
      expect(again.rules().find(({ objectType }) => objectType === 'task')?.enabled).toBe(false);
      expect(again.invocations().map(({ status }) => status)).toEqual(source.invocations().map(({ status }) => status));
      // Signed before: the rule that sent this message does not fire again.
      again.updateIncident(id, { name: 'changed' }, { contextToken: messages[0]?.headers['Co3ContextToken'] ?? '' });
      again.updateIncident(id, { name: 'changed again' });
      await again.settled();
      expect(after.broker.savedMessages()).toHaveLength(messages.length + 1);
    } finally {
      await after.stop();
    }
  });
});
