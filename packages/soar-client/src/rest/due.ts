/** Whether a body is an answer of the endpoint: gateways and status pages answer 200 with their own JSON. */
export type Due = (body: object) => boolean;

/** Anything except an error in the platform's format. */
export const anObjectOrList: Due = (body) => (body as { readonly success?: unknown }).success !== false;

export const anObjectWithId: Due = (body) => 'id' in body && typeof body.id === 'number';

export const aList: Due = (body) => Array.isArray(body);

export const oneOrMore: Due = (body) => aList(body) || anObjectWithId(body);

/** `{"data":[...]}` of the query_paged endpoints. */
export const aPage: Due = (body) => 'data' in body && isListOrNull(body.data);

export const searchResults: Due = (body) => 'results' in body && isListOrNull(body.results);

export const attachmentList: Due = (body) => 'attachments' in body && isListOrNull(body.attachments);

/** PatchStatusDTO, successful or not. */
export const aPatchStatus: Due = (body) => 'success' in body && typeof body.success === 'boolean';

export const aSession: Due = (body) => 'orgs' in body || 'user_id' in body || 'api_key_handle' in body;

/** A list, `{"entities":[]}`, `{"data":[]}`, or a map of objects that say who they are. */
export const aCollection: Due = (body) => {
  if (aList(body) || aPage(body)) return true;
  if ('entities' in body) return Array.isArray(body.entities);
  return Object.values(body).every(
    (member: unknown) =>
      typeof member === 'object' && member !== null && ['id', 'name', 'type_name', 'rows'].some((key) => key in member),
  );
};

/** TableDTO of an incident. */
export const aTable: Due = (body) => 'rows' in body && Array.isArray(body.rows);

export const aType: Due = (body) => anObjectWithId(body) || 'type_name' in body || 'fields' in body;

export const fieldList: Due = (body) => 'fields' in body || aCollection(body);

function isListOrNull(value: unknown): boolean {
  return Array.isArray(value) || value === null;
}
