import type { TypeCatalog } from '../../shape/TypeCatalog.js';
import type { EventSource } from '../EventSource.js';
import type { Patience } from './Patience.js';

/** What is looked up in the source's types. */
export type Types = Pick<TypeCatalog, 'named' | 'numbered' | 'knowing' | 'refresh'>;

/** The same types, asked for patiently. */
export function patientTypes(types: Types, patience: Patience): Types {
  const what = 'The types of the source';
  return {
    named: (name) => patience.ask(what, () => types.named(name)),
    numbered: (id) => patience.ask(what, () => types.numbered(id)),
    knowing: (schema, object) => patience.ask(what, () => types.knowing(schema, object)),
    refresh: (fields) => patience.ask(what, () => types.refresh(fields)),
  };
}

/** The same source of events, asked patiently. */
export function patientEvents(source: EventSource, patience: Patience): EventSource {
  const nameOf = ({ type, objectId }: { readonly type: string; readonly objectId: number }): string =>
    `${type} ${objectId}`;
  return {
    serverClock: source.serverClock,
    reread: (event) => patience.ask(nameOf(event.key), () => source.reread(event)),
    ...(source.timed === undefined ? {} : { timed: source.timed.bind(source) }),
    rebuild: (row) => patience.ask(nameOf(row.key), () => source.rebuild(row)),
  };
}
