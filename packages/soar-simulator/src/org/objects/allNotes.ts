import type { NoteRecord } from '../records.js';

/** Notes with their replies at every depth. */
export function* allNotes(notes: ReadonlyMap<number, NoteRecord>): Iterable<NoteRecord> {
  for (const note of notes.values()) {
    yield note;
    yield* allNotes(note.children);
  }
}
