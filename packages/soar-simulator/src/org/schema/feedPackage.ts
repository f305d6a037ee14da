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
  { name: 'df_min_incident_id', inputType: 'number', required: 'always' },
  { name: 'df_max_incident_id', inputType: 'number' },
  { name: 'df_query_api_method', inputType: 'boolean', required: 'always' },
];

export const feedMenuRule = 'Data Feeder: Sync Incidents';
export const feedFunction = { name: 'data_feeder_sync_incidents', displayName: 'Data Feeder: Sync Incidents' };

/** The function's inputs, as the package's workflow makes them from the menu rule's activity fields. */
export function workflowInputs(properties: Bag): Bag {
  const {
    data_feeder_minimum_incident_id: from = null,
    data_feeder_maximum_incident_id: to = null,
    query_api_method: query = null,
  } = properties;
  return { df_min_incident_id: from, df_max_incident_id: to, df_query_api_method: query };
}
