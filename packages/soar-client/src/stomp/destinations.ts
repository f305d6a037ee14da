/** Where an organization's messages of one destination (its programmatic name) are read. */
export function actionsQueue(orgId: number, name: string): string {
  return `actions.${orgId}.${name}`;
}

/**
 * Whether an answer may go there: to an acks queue of the organization. A message says itself where its answer goes,
 * and whoever may write to the queue must not send ours elsewhere; a comma would name several destinations to ActiveMQ.
 */
export function isAcksQueue(orgId: number, destination: string): boolean {
  const [, org] = /^(?:\/queue\/)?acks\.(\d+)\.[\w.-]+$/.exec(destination) ?? [];
  return org === String(orgId);
}

/** Where the answers go, should a message not say. */
export function acksQueue(orgId: number, name: string): string {
  return `/queue/acks.${orgId}.${name}`;
}
