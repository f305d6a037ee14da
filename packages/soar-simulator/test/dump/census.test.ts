import { expect, it } from '@jest/globals';
import { demoOrgs, startSimulator } from '../../src/index.js';

it('names every object that has a name or text of its own, with its incident', async () => {
  const { source } = demoOrgs();
  const simulator = await startSimulator({ orgs: [source], sockets: false });
  const org = simulator.org(source.id);
  const { id } = org.createIncident({ name: 'One', discovered_date: 1 });
  const note = org.addNote({ incidentId: id }, 'hello');
  const reply = org.reply(note.id, 'hello back');
  const milestone = org.addMilestone(id, { title: 'Half way', date: 5 });
  org.createTask(id, { name: 'A task' });
  expect(org.census()).toEqual([
    { type: 'incident', id, incidentId: id, text: 'One' },
    { type: 'note', id: note.id, incidentId: id, text: 'hello' },
    { type: 'note', id: reply.id, incidentId: id, text: 'hello back' },
    { type: 'milestone', id: milestone.id, incidentId: id, text: 'Half way' },
  ]);
  await simulator.stop();
});
