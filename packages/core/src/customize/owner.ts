import type { SoarObject } from '../contract/FeedEvent.js';

/** Who made an entry. */
export type Owner = 'soar-feed' | 'ibm' | 'other';

/** The fixed uuids of IBM's packages rc_data_feed and rc_data_feed_plugin_resilientfeed. */
const IBM = new Set([
  'e05282fb-6cfc-4709-af84-cd71438581c8', // destination feed_data
  '3c627aa8-5810-44a4-a25d-e5a8db19b6a6', // rule Artifact
  '2b628b8c-1b52-4e51-a5f3-c323d7ff037e', // rule Attachment
  '5bc0b99b-8f87-48de-97d9-9333f1139d5d', // rule Incident
  'c7fcaf50-4402-4c62-9552-c26df6e5be9b', // rule Milestone
  '780f2ebe-9aac-41e9-98ab-70688ac9af7a', // rule Note
  'ee0d92ee-e53d-4ebd-a28f-df959e949ed7', // rule Task
  'b80d11d4-9c6b-4cd7-951a-4fe8c572c9ef', // input df_min_incident_id
  'e7820e44-4087-4ce2-84af-0fe93630a03c', // input df_max_incident_id
  '731e94ff-822f-48f1-83a9-a78380fd636b', // input df_query_api_method
  '7ffed4e5-72fb-4162-bdef-4ea3ebfa89de', // the function
  '2a2cd2ba-bee0-42fa-a1fb-0e5a68727786', // the playbook
]);

/** By uuid. `ours`: the uuid that our own entry has. */
export function ownerOf(entry: SoarObject, ours: unknown): Owner {
  if (entry['uuid'] === ours) return 'soar-feed';
  return IBM.has(String(entry['uuid'])) ? 'ibm' : 'other';
}
