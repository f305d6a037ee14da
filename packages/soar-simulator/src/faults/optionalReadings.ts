/** Requests that help a client but that a server may refuse or not offer; hit them with a fault. */
export const optionalReadings = {
  workspaces: { method: 'GET', path: '/workspaces' },
  groups: { method: 'GET', path: '/groups' },
  users: { method: 'POST', path: '/users/query_paged' },
  'artifact types': { method: 'GET', path: '/artifact_types' },
  'incident types': { method: 'GET', path: '/incident_types' },
  phases: { method: 'GET', path: '/phases' },
  constants: { method: 'GET', path: '/const' },
  search: { method: 'POST', path: '/search_ex' },
} as const;
