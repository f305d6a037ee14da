import { DecodeError } from '../../contract/errors.js';
import type { SoarObject } from '../../contract/FeedEvent.js';
import { shown } from '../../contract/platformId.js';
import type { SyncRequest } from '../reload/SyncRequest.js';

const FUNCTION = 'data_feeder_sync_incidents';

/**
 * A function message. IBM's rules for the range (rc_data_feed 2.2.1): a missing or 0 maximum means "only the minimum",
 * except that both 0 means everything.
 */
export function decodeSyncRequest(
  body: SoarObject,
): { readonly kind: 'sync'; readonly request: SyncRequest } | { readonly kind: 'ignored'; readonly reason: string } {
  const { name } = body.function as SoarObject;
  if (name !== FUNCTION) return { kind: 'ignored', reason: `the function ${String(name)} is not one of the feed's` };
  const inputs = (typeof body.inputs === 'object' && body.inputs !== null ? body.inputs : {}) as SoarObject;
  const min = idOf(inputs, 'df_min_incident_id');
  const max = idOf(inputs, 'df_max_incident_id');
  if (max > 0 && min > max) {
    throw new DecodeError(`Min value ${min} is greater than max value ${max}.`, { code: 'sync-range-reversed' });
  }
  const upTo = max > 0 ? max : min;
  return {
    kind: 'sync',
    request: {
      minIncidentId: min,
      ...(upTo > 0 ? { maxIncidentId: upTo } : {}),
      method: inputs.df_query_api_method === true ? 'query' : 'search',
      inputs,
      ...instanceOf(body),
    },
  };
}

function idOf(inputs: SoarObject, name: string): number {
  const value = inputs[name] ?? 0;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new DecodeError(`${name} is ${shown(value)}; an incident id (0 or above) is accepted.`, {
    code: 'sync-input-invalid',
  });
}

function instanceOf({ workflow_instance: instance }: SoarObject): { readonly workflowInstanceId?: number } {
  const id = (instance as SoarObject | null | undefined)?.workflow_instance_id;
  return typeof id === 'number' && Number.isSafeInteger(id) ? { workflowInstanceId: id } : {};
}
