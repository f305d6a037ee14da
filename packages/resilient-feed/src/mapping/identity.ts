import { ownValue, taskIdOf } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import { emailType } from '../fields/emailTypes.js';
import { chosenOptions } from '../fields/chosenOptions.js';
import { shortHash } from '../fields/shortHash.js';
import { wellFormed } from '../fields/wellFormed.js';
import type { Digests } from './Digests.js';
import type { Mapping } from './Mapping.js';

/** `undefined`: the event does not tell. */
type Traits = Readonly<Record<string, string | number | undefined>>;

const NONE = 0;

/**
 * A digest of each trait of an object that never changes in the source and cannot be changed in the target: the place of a
 * note, the value of an artifact, the name of a file. They stand in the mapping beside the digests of the fields; no field
 * has a name with `#`. A task, a milestone or a row has none: its counterpart can be made to say all that the new one says.
 * Nor does what may change count: an attachment moves between tasks, and an artifact loses a parent that is deleted.
 */
export function identityOf(event: FeedEvent): Digests {
  const known = Object.entries(traitsOf(event)).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [`#${name}`, shortHash(value)]));
}

/** The source gave the id to another object after the row was written, as one that was restored may do. Older rows do not tell. */
export function isGivenAgain(event: FeedEvent, { digests }: Pick<Mapping, 'digests'>): boolean {
  return Object.entries(identityOf(event)).some(([name, now]) => {
    const before = ownValue(digests, name);
    return before !== undefined && before !== now;
  });
}

function traitsOf(event: FeedEvent): Traits {
  switch (event.key.type) {
    case 'note':
      return { parent: noteAbove(event), task: taskOf(event) };
    case 'artifact':
      return artifactTraits(event);
    case 'attachment':
    case emailType('attachment'):
      return {
        name: textOf(event.payload['name']),
        size: sizeOf(event.payload),
        // Of a file that was built from an e-mail message: another one is another message.
        digest: textOf(event.payload['digest']),
      };
    default:
      return {};
  }
}

function noteAbove({ parent, payload }: FeedEvent): number | undefined {
  if (parent?.type === 'note') return parent.objectId;
  return payload['parent_id'] === undefined ? undefined : NONE;
}

/** A note says itself whether it belongs to a task or to the incident. */
function taskOf(event: FeedEvent): number | undefined {
  return taskIdOf(event) ?? (event.payload['type'] === 'incident' ? NONE : undefined);
}

function artifactTraits({ payload, schema }: FeedEvent): Traits {
  const type = chosenOptions(payload['type'], schema.fields.get('type'))[0]?.id;
  return {
    type: typeof type === 'number' ? type : undefined,
    value: textOf(payload['value']),
    size: sizeOf(payload['attachment']),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? wellFormed(value) : undefined;
}

/** Of a file. */
function sizeOf(file: unknown): number | undefined {
  const { size } = (file ?? {}) as { readonly size?: unknown };
  return typeof size === 'number' && size > 0 ? size : undefined;
}
