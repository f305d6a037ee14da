import type { FieldOptions } from '../SchemaOptions.js';

/** What IBM's Data Feed package installs in an org: activity fields, function inputs, names of rules and function. */
export const feedActivityFields: readonly FieldOptions[] = [
  { name: 'data_feeder_minimum_incident_id', label: 'Minimum incident ID', inputType: 'number', required: 'always' },
  { name: 'data_feeder_maximum_incident_id', label: 'Maximum incident ID', inputType: 'number' },
  { name: 'query_api_method', label: 'Query API method', inputType: 'boolean', required: 'always' },
];

export const feedFunctionFields: readonly FieldOptions[] = [
  { name: 'df_min_incident_id', inputType: 'number', required: 'always' },
  { name: 'df_max_incident_id', inputType: 'number' },
  { name: 'df_query_api_method', inputType: 'boolean', required: 'always' },
];

export const feedMenuRule = 'Data Feeder: Sync Incidents';
export const feedFunction = { name: 'data_feeder_sync_incidents', displayName: 'Data Feeder: Sync Incidents' };
