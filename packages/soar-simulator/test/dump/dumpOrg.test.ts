import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator } from '../../src/index.js';
import type { Simulator } from '../../src/index.js';
import { sourceOrg, targetOrg } from '../helpers/twoOrgs.js';

describe('dump', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator({ orgs: [sourceOrg, targetOrg], tls: false });
  });
  afterAll(() => simulator.stop());

  it('shows every object with ids and labels, and stays as it was', () => {
    const org = simulator.org(201);
    const { id } = org.createIncident({
      name: 'n',
      discovered_date: 1,
      owner_id: 'bob@example.com',
      members: ['SOC'],
      incident_type_ids: ['Phishing'],
      properties: { risk: 'b' },
    });
    const [automatic] = org.tasks(id);
    const top = org.addNote({ incidentId: id }, 'top', { actor: 'bob@example.com' });
    org.reply(top.id, 'reply');
    org.addAttachment({ taskId: automatic?.id ?? 0 }, { name: 'f', content: Buffer.from('bytes') });
    org.addArtifact(id, { type: 'Wallet'.toLowerCase() + '_address', value: 'w' });
    org.addMilestone(id, { title: 'm', date: 1 });
    org.addRow(id, 'hosts', { host: 'h', state: 'clean' });

    const dump = simulator.dump('Source');
    const [incident] = dump.incidents;
    expect(incident?.labels).toMatchObject({
      owner_id: 'bob@example.com',
      members: ['SOC'],
      incident_type_ids: ['Phishing'],
      plan_status: 'A',
      properties: { risk: 'b' },
    });
    expect(incident?.ids['properties']).toEqual({ ticket: null, risk: org.labels.id('incident', 'risk', 'b') });
    expect(incident).toMatchObject({
      tasks: [{ labels: { custom: false, phase_id: 'Detect/Analyze' }, attachments: [{ file: { size: 5 } }] }],
      notes: [{ labels: { text: 'top', user_id: 'bob@example.com' }, children: [{ labels: { text: 'reply' } }] }],
      artifacts: [{ labels: { type: 'Wallet' }, file: null }],
      milestones: [{ ids: { title: 'm' } }],
      rows: [{ table: 'hosts', labels: { cells: { host: 'h', state: 'clean', notes: null } } }],
    });
    expect(dump.schema.types['incident']?.fields['risk']).toMatchObject({
      prefix: 'properties',
      custom: true,
      options: [{ label: 'a' }, { label: 'b' }, { label: 'old', enabled: false }],
    });
    const before = JSON.stringify(dump);
    org.updateIncident(id, { name: 'changed', properties: { risk: 'a' } });
    org.editNote(top.id, 'edited');
    expect(JSON.stringify(dump)).toBe(before);
    expect(simulator.dump(202).incidents).toEqual([]);
    expect(simulator.dump(202).schema.types['incident']?.fields).not.toHaveProperty('reporter');
  });
});
