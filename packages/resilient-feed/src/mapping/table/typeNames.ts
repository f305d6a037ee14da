/**
 * IBM's `type_name`s for one of our types, the one to write first. A task's notes and attachments have names of their
 * own: v1 looks for `tasknote` but stores `note`, v2 uses `tasknote` and `taskattachment` throughout. Ids are unique
 * per type, so rows under both names are the same object.
 */
export function typeNames(type: string, ofTask: boolean): readonly [string, ...string[]] {
  if (type === 'note') return ofTask ? ['tasknote', 'note'] : ['note', 'tasknote'];
  if (type === 'attachment') return ofTask ? ['taskattachment', 'attachment'] : ['attachment', 'taskattachment'];
  return [type];
}

/** Our type for IBM's `type_name`. */
export function typeOf(typeName: string): string {
  if (typeName === 'tasknote') return 'note';
  if (typeName === 'taskattachment') return 'attachment';
  return typeName;
}
