import type { SoarObject } from '../contract/FeedEvent.js';
import type { TypeSchema } from '../contract/TypeSchema.js';

/** The label of an incident's workspace; `''` if neither the incident nor its schema says it. */
export function workspaceOf(incident: SoarObject, schema: TypeSchema): string {
  const { workspace } = incident;
  if (typeof workspace === 'object' && workspace !== null) {
    const { name, id } = workspace as Record<string, unknown>;
    return typeof name === 'string' ? name : labelOf(id, schema);
  }
  return labelOf(workspace, schema);
}

function labelOf(id: unknown, schema: TypeSchema): string {
  return schema.fields.get('workspace')?.options.get(String(id))?.label ?? '';
}
