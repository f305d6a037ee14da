import type { Bag } from '../bag.js';
import type { FieldOptions } from '../SchemaOptions.js';

/**
 * What IBM's Data Feed package installs in an org: activity fields, function inputs, names of the rules and the
 * function.
 */
export const feedActivityFields: readonly FieldOptions[] = [
  { name: 'data_feeder_minimum_incident_id', label: 'Minimum incident ID', inputType: 'number', required: 'always' },
  { name: 'data_feeder_maximum_incident_id', label: 'Maximum incident ID', inputType: 'number' },
  { name: 'query_api_method', label: 'Query API method', inputType: 'boolean', required: 'always' },
];

export const feedFunctionFields: readonly FieldOptions[] = [
  {
    name: 'df_min_incident_id',
    inputType: 'number',
    required: 'always',
    uuid: 'b80d11d4-9c6b-4cd7-951a-4fe8c572c9ef',
  },
  { name: 'df_max_incident_id', inputType: 'number', uuid: 'e7820e44-4087-4ce2-84af-0fe93630a03c' },
  {
    name: 'df_query_api_method',
    inputType: 'boolean',
    required: 'always',
    uuid: '731e94ff-822f-48f1-83a9-a78380fd636b',
  },
];

export const feedMenuRule = 'Data Feeder: Sync Incidents';
export const feedFunction = {
  name: 'data_feeder_sync_incidents',
  displayName: 'Data Feeder: Sync Incidents',
  uuid: '7ffed4e5-72fb-4162-bdef-4ea3ebfa89de',
};

/** The uuids of IBM's packages, by what they belong to. */
export const feedUuids: Readonly<Record<string, string>> = {
  'destination:feed_data': 'e05282fb-6cfc-4709-af84-cd71438581c8',
  'action:Data Feeder: Artifact': '3c627aa8-5810-44a4-a25d-e5a8db19b6a6',
  'action:Data Feeder: Attachment': '2b628b8c-1b52-4e51-a5f3-c323d7ff037e',
  'action:Data Feeder: Incident': '5bc0b99b-8f87-48de-97d9-9333f1139d5d',
  'action:Data Feeder: Milestone': 'c7fcaf50-4402-4c62-9552-c26df6e5be9b',
  'action:Data Feeder: Note': '780f2ebe-9aac-41e9-98ab-70688ac9af7a',
  'action:Data Feeder: Task': 'ee0d92ee-e53d-4ebd-a28f-df959e949ed7',
  'action:Data Feeder: Sync Incidents': '174abc18-dc72-4130-a5c8-6421fb449f12',
};

/** The function's inputs, as the package's workflow makes them from the menu rule's activity fields. */
export function workflowInputs(properties: Bag): Bag {
  const {
    data_feeder_minimum_incident_id: from = null,
    data_feeder_maximum_incident_id: to = null,
    query_api_method: query = null,
  } = properties;
  return { df_min_incident_id: from, df_max_incident_id: to, df_query_api_method: query };
}
