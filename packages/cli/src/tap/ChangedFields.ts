import { createHash } from 'node:crypto';
import { writeJson } from '@soar-feed/core';
import type { SoarObject } from '@soar-feed/core';

/** Objects that are remembered at once; the longest unseen is forgotten first. */
const MOST_OBJECTS = 2_000;

interface Seen {
  readonly eventId: string;
  readonly digests: ReadonlyMap<string, string>;
  readonly changed: readonly string[] | undefined;
}

/** Tells which fields of an object changed since it passed before. It keeps digests, no values. */
export class ChangedFields {
  private readonly seen = new Map<string, Seen>();

  /** `undefined` the first time that the object passes. An event that goes to several feeds is one event. */
  since(
    object: string,
    { id, payload }: { readonly id: string; readonly payload: SoarObject },
  ): readonly string[] | undefined {
    const before = this.seen.get(object);
    if (before?.eventId === id) return before.changed;
    const digests = digestsOf(payload);
    const names = [...new Set([...digests.keys(), ...(before?.digests.keys() ?? [])])];
    const changed = before && names.filter((name) => digests.get(name) !== before.digests.get(name)).sort();
    this.seen.delete(object);
    this.seen.set(object, { eventId: id, digests, changed });
    for (const [oldest] of this.seen) {
      if (this.seen.size <= MOST_OBJECTS) break;
      this.seen.delete(oldest);
    }
    return changed;
  }
}

/** By name; custom fields and cells as `properties.name`. */
function digestsOf(payload: SoarObject): ReadonlyMap<string, string> {
  const digests = new Map<string, string>();
  for (const [name, value] of Object.entries(payload)) {
    if ((name === 'properties' || name === 'cells') && typeof value === 'object' && value !== null)
      for (const [inner, own] of Object.entries(value)) digests.set(`${name}.${inner}`, digestOf(own));
    else digests.set(name, digestOf(value));
  }
  return digests;
}

function digestOf(value: unknown): string {
  return createHash('sha1')
    .update(writeJson(value ?? null))
    .digest('base64');
}
