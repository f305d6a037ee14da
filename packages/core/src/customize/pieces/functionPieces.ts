import { ownUuid } from '../ownUuid.js';
import type { Piece } from '../Piece.js';
import { fieldPiece } from './fieldPiece.js';

export const FUNCTION = { name: 'data_feeder_sync_incidents', label: 'Data Feeder: Sync Incidents' };

/** The inputs, in the order of the form. */
export function inputPieces(): readonly Piece[] {
  const wishes = [
    {
      name: 'df_min_incident_id',
      label: 'df_min_incident_id',
      inputType: 'number',
      required: 'always',
      tooltip: 'First incident to load; 0 with a maximum of 0 loads all',
    },
    {
      name: 'df_max_incident_id',
      label: 'df_max_incident_id',
      inputType: 'number',
      tooltip: 'Last incident to load; empty or 0 loads only the first',
    },
    { name: 'df_query_api_method', label: 'df_query_api_method', inputType: 'boolean', required: 'always' },
  ] as const;
  return wishes.map((wish) => fieldPiece({ ...wish, type: '__function' }));
}

/** `inputs`: the uuids of the input fields as the organization has them. */
export function functionPiece(queue: string, inputs: readonly string[]): Piece {
  return {
    kind: 'function',
    name: FUNCTION.label,
    list: 'functions',
    entry: {
      description: { format: 'text', content: 'Loads a range of incidents, with all their objects, into every feed.' },
      destination_handle: queue,
      display_name: FUNCTION.label,
      export_key: FUNCTION.name,
      name: FUNCTION.name,
      output_description: { format: 'text', content: null },
      output_json_example: JSON.stringify(EXAMPLE),
      tags: [],
      uuid: ownUuid(`function/${FUNCTION.name}`),
      version: 0,
      view_items: inputs.map((uuid) => viewItem(uuid, '__function')),
      workflows: [],
    },
    decisive: ['destination_handle', 'display_name'],
  };
}

export function viewItem(uuid: string, type: string): object {
  return {
    content: uuid,
    element: 'field_uuid',
    field_type: type,
    show_if: null,
    show_link_header: false,
    step_label: null,
  };
}

const EXAMPLE = {
  version: '1.0',
  success: true,
  reason: null,
  content: { num_of_sync_incidents: 2 },
  raw: '{"num_of_sync_incidents":2}',
  inputs: { df_min_incident_id: 2001, df_max_incident_id: 2002, df_query_api_method: false },
  metrics: {
    version: '1.0',
    package: 'soar-feed',
    package_version: '0.1.0',
    host: 'feeder',
    execution_time_ms: 1200,
    timestamp: '2026-01-31 12:00:00',
  },
};
