import type { ParkedSelection } from '@soar-feed/core/runtime';
import type { Argv } from 'yargs';
import type { GlobalArgs } from './globalOptions.js';
import { UsageError } from './UsageError.js';

/** Every state a parked row may be in; raw messages count as one. */
export const PARKED_STATES = ['waiting', 'deferred', 'failed', 'undecided', 'resync', 'raw'] as const;

/** Options that filter parked rows. */
export interface SelectionArgs extends GlobalArgs {
  /** One row, by its name in `parked list`. */
  readonly row?: string | undefined;
  readonly feed?: string | undefined;
  readonly state?: (typeof PARKED_STATES)[number] | undefined;
  readonly type?: string | undefined;
  readonly incident?: number | undefined;
  readonly code?: string | undefined;
}

export function withSelectionOptions<T>(yargs: Argv<T>): Argv<T & SelectionArgs> {
  const one = { requiresArg: true } as const;
  return yargs
    .option('feed', { ...one, type: 'string', description: 'Only of this feed' })
    .option('state', { ...one, choices: PARKED_STATES, description: 'Only in this state; raw: undecodable messages' })
    .option('type', { ...one, type: 'string', description: 'Only objects of this type, by API name' })
    .option('incident', { ...one, type: 'number', description: 'Only of this incident' })
    .option('code', { ...one, type: 'string', description: 'Only failed with this code' }) as Argv<T & SelectionArgs>;
}

/** Throws `UsageError` for anything that is not a row or an incident. */
export function selectionOf({ row, feed, state, type, incident, code }: SelectionArgs): ParkedSelection {
  if (incident !== undefined && !(Number.isSafeInteger(incident) && incident >= 0)) {
    throw new UsageError('--incident is not an incident id: expected a whole number of 0 or more.');
  }
  const filter = { feed, state, type, incidentId: incident, code };
  return { ...given(filter), ...(row === undefined ? {} : rowOf(row)) };
}

/** A message id of the broker, such as `ID:amq-1-1234-5:6:-1:1:7`; our own contain no spaces, either. */
const MESSAGE_ID = /^(?!\d+\/)\S*[:_-]\S*$/;

/**
 * The name of an object's row is `org/incident/type/id`; that of a raw message is its message id. Throws `UsageError`
 * for anything else.
 */
function rowOf(name: string): ParkedSelection {
  const [, incidentId, type, objectId] = /^\d+\/(\d+)\/([^/]+)\/(\d+)$/.exec(name) ?? [];
  if (type === undefined && !MESSAGE_ID.test(name)) {
    throw new UsageError(
      `"${name}" is not a row: write org/incident/type/id, such as 201/2100/note/420, or the id of a raw message, as "soar-feed parked list" shows them.`,
    );
  }
  if (type === undefined) return { messageId: name };
  return { incidentId: Number(incidentId), type, objectId: Number(objectId) };
}

function given(filter: { readonly [Key in keyof ParkedSelection]: ParkedSelection[Key] | undefined }): ParkedSelection {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
