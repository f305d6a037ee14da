/** Where an organization's messages of one destination (its programmatic name) are read. */
export function actionsQueue(orgId: number, name: string): string {
  return `actions.${orgId}.${name}`;
}

/** Where the answers go, should a message not say. */
export function acksQueue(orgId: number, name: string): string {
  return `/queue/acks.${orgId}.${name}`;
}
