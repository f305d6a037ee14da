import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { FeedHost } from '@soar-feed/core/runtime';
import { likeliest } from '@soar-feed/soar-simulator';
import type { Behaviour } from '@soar-feed/soar-simulator';
import { caughtUp, compared, IDENTICAL, replicaBench } from './replicaBench.js';
import type { ReplicaBench } from './replicaBench.js';

jest.setTimeout(60_000);

let bench: ReplicaBench | undefined;

afterEach(async () => {
  await bench?.stop();
  bench = undefined;
});

const when = 1_700_000_000_000;

/** An incident with an object of every kind that has a version. */
function everyKind({ source }: ReplicaBench, name: string) {
  const { id } = source.createIncident({ name, discovered_date: when });
  const task = source.createTask(id, { name: 'Look' });
  const note = source.addNote({ taskId: task.id }, 'a note');
  const [artifact] = source.addArtifact(id, { type: 'IP Address', value: '192.0.2.1' });
  const row = source.addRow(id, 'affected_hosts', { host: 'h' });
  return { id, task, note, artifactId: artifact?.id ?? 0, row };
}

function editAll(
  { source }: ReplicaBench,
  { id, note, artifactId, row, task }: ReturnType<typeof everyKind>,
  word: string,
) {
  source.updateIncident(id, { name: `edited ${word}` });
  source.updateTask(task.id, { name: `task ${word}` });
  source.editNote(note.id, `note ${word}`);
  source.updateArtifact(artifactId, { description: `artifact ${word}` });
  source.updateRow(row.id, { host: `host ${word}` });
}

const warnings = ({ log }: ReplicaBench) =>
  log.lines.filter(({ level, fields }) => level === 'warn' && fields.event === 'source.set-back');

async function started(
  resilientFeed: readonly string[] = [],
  behaviour: Partial<Behaviour> = {},
  feeds: readonly string[] = [],
): Promise<ReplicaBench & { readonly host: FeedHost }> {
  const made = await replicaBench({ resilientFeed, feeds, simulator: { behaviour: { ...likeliest, ...behaviour } } });
  bench = made;
  const host = await made.makeHost();
  await host.start();
  return { ...made, host };
}

describe('a source that was restored from a backup', () => {
  it('is followed where it stands again, by a reload: one warning', async () => {
    const made = await started();
    const [first, second] = ['one', 'two'].map((name) => everyKind(made, name)) as [
      ReturnType<typeof everyKind>,
      ReturnType<typeof everyKind>,
    ];
    await caughtUp(made, made.host);
    const backup = made.source.backUp();
    for (const word of ['a', 'b', 'c']) editAll(made, first, word);
    made.source.deleteNote(second.note.id);
    await caughtUp(made, made.host);
    made.source.restore(backup);
    expect(compared(made)).not.toEqual(IDENTICAL);
    await made.host.reload();
    expect(compared(made)).toEqual(IDENTICAL);
    expect(warnings(made)).toHaveLength(1);
  });

  it.each([
    ['a reload', 'blanked'],
    ['an edit', 'blanked'],
    ['a reload', 'removed'],
    ['an edit', 'removed'],
  ] as const)(
    'has threads back whose first note was deleted, by %s, where such threads are %s',
    async (how, deletedThread) => {
      const made = await started([], { deletedThread });
      const { source, target, host } = made;
      const { id, task } = everyKind(made, 'one');
      const firsts = [{ incidentId: id }, { taskId: task.id }].map((place) => {
        const first = source.addNote(place, 'first');
        const second = source.reply(first.id, 'second');
        source.reply(second.id, 'third');
        source.reply(first.id, 'another second');
        return first;
      });
      await caughtUp(made, host);
      const backup = source.backUp();
      for (const first of firsts) source.deleteNote(first.id);
      await caughtUp(made, host);
      const standing = target.incidents().flatMap((incident) => target.notes({ incidentId: incident.id }));
      expect(standing.filter(({ is_deleted: gone }) => gone)).toHaveLength(deletedThread === 'blanked' ? 1 : 0);
      source.restore(backup);
      if (how === 'a reload') await host.reload();
      else for (const first of firsts) source.editNote(first.id, 'first, edited');
      await caughtUp(made, host);
      expect(compared(made)).toEqual(IDENTICAL);
      await host.reload();
      expect(compared(made)).toEqual(IDENTICAL);
    },
  );

  it.each(['blanked', 'removed'] as const)(
    'gives ids to other objects, where deleted threads are %s',
    async (deletedThread) => {
      const made = await started([], { deletedThread }, ['reload_query_api_method=true']);
      const { source, host } = made;
      const { id, task } = everyKind(made, 'one');
      const first = source.addNote({ incidentId: id }, 'first');
      const other = source.addNote({ incidentId: id }, 'other');
      await caughtUp(made, host);
      const backup = source.backUp();
      // Each id is given again, in this order, to another object of its type.
      const reply = source.reply(first.id, 'a reply');
      const answered = source.addNote({ incidentId: id }, 'a note that gets replies');
      const deep = source.reply(first.id, 'a reply that gets a reply');
      const before = [
        ...[reply, answered, deep],
        source.addNote({ taskId: task.id }, 'a note of a task'),
        source.addNote({ incidentId: id }, 'a note of the incident'),
        source.reply(answered.id, 'below'),
        source.reply(deep.id, 'deeper'),
      ];
      const values = ['192.0.2.7', '192.0.2.8'].map((value) => source.addArtifact(id, { type: 'IP Address', value }));
      const oldTask = source.createTask(id, { name: 'Old' });
      source.addNote({ taskId: oldTask.id }, 'of the old task');
      const row = source.addRow(id, 'affected_hosts', { host: 'old' });
      const file = { name: 'image.png', content: Buffer.from('old') };
      const attached = source.addAttachment({ incidentId: id }, file);
      const fileArtifact = source.addFileArtifact(id, { type: 'Email Attachment', value: '' }, file);
      await caughtUp(made, host);
      expect(compared(made)).toEqual(IDENTICAL);

      source.restore(backup, { ids: 'given-again' });
      const top = source.addNote({ incidentId: id }, 'top');
      const elsewhere = source.reply(other.id, 'a reply to another note');
      const again = [
        ...[top, elsewhere, source.reply(elsewhere.id, 'a reply to the reply')],
        source.addNote({ incidentId: id }, 'no task'),
        source.addNote({ taskId: task.id }, 'with a task'),
        source.addNote({ incidentId: id }, 'alone'),
        source.reply(first.id, 'not as deep'),
      ];
      expect(again.map((note) => note.id)).toEqual(before.map((note) => note.id));
      const [value] = source.addArtifact(id, { type: 'DNS Name', value: 'host.example' });
      expect(value?.id).toBe(values[0]?.[0]?.id);
      source.addArtifact(id, { type: 'IP Address', value: '192.0.2.7' });
      expect(source.createTask(id, { name: 'New' }).id).toBe(oldTask.id);
      expect(source.addRow(id, 'affected_hosts', { host: 'new' }).id).toBe(row.id);
      const newFile = { name: 'image.png', content: Buffer.from('newer') };
      expect(source.addAttachment({ incidentId: id }, newFile).id).toBe(attached.id);
      expect(source.addFileArtifact(id, { type: 'Email Attachment', value: '' }, newFile).id).toBe(fileArtifact.id);
      await caughtUp(made, host);
      await host.reload();
      await caughtUp(made, host);
      expect(compared(made)).toEqual(IDENTICAL);
      const replaced = made.log.lines.filter(({ fields }) => fields.event === 'target.replaced');
      expect(replaced.length).toBeGreaterThanOrEqual(9);
      await host.reload();
      expect(compared(made)).toEqual(IDENTICAL);
      expect(made.log.lines.filter(({ fields }) => fields.event === 'target.replaced')).toHaveLength(replaced.length);
    },
  );

  it('is followed as it is worked on, though its versions are lower than before', async () => {
    const made = await started();
    const all = everyKind(made, 'one');
    await caughtUp(made, made.host);
    const backup = made.source.backUp();
    for (const word of ['a', 'b', 'c', 'd']) editAll(made, all, word);
    await caughtUp(made, made.host);
    made.source.restore(backup);
    editAll(made, all, 'since');
    await caughtUp(made, made.host);
    expect(compared(made)).toEqual(IDENTICAL);
    expect(warnings(made)).toHaveLength(1);
  });

  it.each([['delete_incidents=true'], ['delete_incidents=false']])(
    'has an incident again that was deleted, with all it holds, once (%s)',
    async (line) => {
      const made = await started([line]);
      const all = everyKind(made, 'one');
      await caughtUp(made, made.host);
      const backup = made.source.backUp();
      made.source.deleteIncident(all.id);
      await caughtUp(made, made.host);
      expect(made.target.incidentIds()).toHaveLength(line.endsWith('true') ? 0 : 1);
      made.source.restore(backup);
      // A child comes first, and brings its incident.
      made.source.editNote(all.note.id, 'edited');
      await caughtUp(made, made.host);
      expect(compared(made)).toEqual(IDENTICAL);
      made.source.updateIncident(all.id, { name: 'edited' });
      await caughtUp(made, made.host);
      expect(compared(made)).toEqual(IDENTICAL);
    },
  );

  it('has a task again that was deleted, with what hung under it', async () => {
    const made = await started();
    const all = everyKind(made, 'one');
    await caughtUp(made, made.host);
    const backup = made.source.backUp();
    made.source.deleteTask(all.task.id);
    await caughtUp(made, made.host);
    made.source.restore(backup);
    made.source.editNote(all.note.id, 'edited');
    await caughtUp(made, made.host);
    expect(compared(made)).toEqual(IDENTICAL);
  });
});
