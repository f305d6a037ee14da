import { ownUuid } from '../ownUuid.js';
import type { Piece } from '../Piece.js';

/** IBM's six, by the type they watch. */
const BUILT_IN = new Map([
  ['artifact', 'Artifact'],
  ['attachment', 'Attachment'],
  ['incident', 'Incident'],
  ['milestone', 'Milestone'],
  ['note', 'Note'],
  ['task', 'Task'],
]);

/** Where e-mail messages are fed. */
const EMAIL: readonly [type: string, label: string] = ['__emailmessage', 'Email Message'];

/** A data table: its API name and its label. */
export interface TableName {
  readonly name: string;
  readonly label: string;
}

/** One automatic rule per type and data table, without conditions: it sends every create, change and delete. */
export function rulePieces(queue: string, tables: readonly TableName[], emails: boolean): readonly Piece[] {
  const builtIn = [...BUILT_IN, ...(emails ? [EMAIL] : [])];
  const labels = [...builtIn.map(([, label]) => label), ...tables.map(({ label }) => label)];
  const ofTables = tables.map(({ name, label }): [string, string] => {
    const isShared = labels.filter((each) => each === label).length > 1;
    return [name, isShared ? `${label} (${name})` : label];
  });
  return [...builtIn, ...ofTables].map(([type, label]) => rulePiece(queue, type, `Data Feeder: ${label}`));
}

function rulePiece(queue: string, type: string, name: string): Piece {
  return {
    kind: 'rule',
    name,
    list: 'actions',
    entry: {
      automations: [],
      conditions: [],
      enabled: true,
      export_key: name,
      logic_type: 'all',
      message_destinations: [queue],
      name,
      object_type: type,
      tags: [],
      timeout_seconds: 86_400,
      type: 0,
      uuid: ownUuid(`rule/${type}`),
      view_items: [],
      workflows: [],
    },
    decisive: ['conditions', 'enabled', 'message_destinations', 'object_type', 'type'],
  };
}
