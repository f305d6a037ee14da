import type { NoteDto } from '../org/dto/NoteDto.js';
import type { SimOrg } from '../org/SimOrg.js';
import { Random } from '../seed/Random.js';

const LEVELS = 3;

interface Placed {
  readonly note: NoteDto;
  readonly level: number;
}

/**
 * Writes a random history of one incident's threads: notes are written, answered down to three levels, edited and
 * deleted in any order. Below what a deleted note leaves behind (a frame, or nothing), notes are answered and edited
 * like any other.
 */
export function writeThreads(source: SimOrg, seed: number, steps: number): void {
  const random = new Random(seed);
  const ids = source.incidentIds();
  if (ids.length === 0) return;
  const incidentId = random.pick(ids);
  for (let step = 1; step <= steps; step += 1) {
    const placed = all(source.notes({ incidentId }), 1);
    const living = placed.filter(({ note }) => !note.is_deleted);
    const open = living.filter(({ level }) => level < LEVELS);
    const text = `<b>${seed}</b>, step ${step}`;
    switch (random.pick(['write', 'answer', 'answer', 'answer', 'edit', 'edit', 'delete', 'delete'] as const)) {
      case 'answer':
        if (open.length > 0) source.reply(random.pick(open).note.id, text);
        break;
      case 'edit':
        if (living.length > 0) source.editNote(random.pick(living).note.id, text);
        break;
      case 'delete':
        if (living.length > 0) source.deleteNote(random.pick(living).note.id);
        break;
      case 'write':
        source.addNote({ incidentId }, text);
    }
  }
}

function all(notes: readonly NoteDto[], level: number): Placed[] {
  return notes.flatMap((note) => [{ note, level }, ...all(note.children, level + 1)]);
}
