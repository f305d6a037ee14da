/** The queue of one message destination (by its programmatic name) of an organization. */
export function actionsQueue(orgId: number, name: string): string {
  return `actions.${orgId}.${name}`;
}

/**
 * Whether an answer may go there: only to an ack queue of the organization. The message itself names the place for its
 * answer, and a sender must not direct ours elsewhere; a comma would name several destinations to ActiveMQ.
 */
export function isAcksQueue(orgId: number, destination: string): boolean {
  const [, org] = /^(?:\/queue\/)?acks\.(\d+)\.[\w.-]+$/.exec(destination) ?? [];
  return org === String(orgId);
}

/** Where answers go if a message does not say. */
export function acksQueue(orgId: number, name: string): string {
  return `/queue/acks.${orgId}.${name}`;
}
