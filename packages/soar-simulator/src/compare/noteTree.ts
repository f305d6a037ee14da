import type { DumpNote } from '../dump/OrgDump.js';

/** The notes of one level; the replies of a note without text take its place. */
export function withoutPlaceHolders(notes: readonly DumpNote[]): { notes: DumpNote[]; dropped: number } {
  const kept: DumpNote[] = [];
  let dropped = 0;
  for (const note of notes) {
    if (!isPlaceHolder(note)) {
      kept.push(note);
      continue;
    }
    const below = withoutPlaceHolders(note.children);
    kept.push(...below.notes);
    dropped += 1 + below.dropped;
  }
  return { notes: kept, dropped };
}

/** Counts notes with their replies. */
export function countNotes(notes: readonly DumpNote[]): number {
  return notes.reduce((sum, note) => sum + 1 + countNotes(note.children), 0);
}

function isPlaceHolder({ labels }: DumpNote): boolean {
  return labels['is_deleted'] === true || labels['text'] === null || labels['text'] === '';
}
