import type { OrgOptions } from '../../src/index.js';

/** Two orgs that differ in ids and schema. */
export const sourceOrg: OrgOptions = {
  id: 201,
  name: 'Source',
  users: [
    { email: 'ada@example.com', fname: 'Ada', lname: 'Admin', password: 'pw' },
    { email: 'bob@example.com', fname: 'Bob', lname: 'Builder', password: 'pw' },
  ],
  groups: [{ name: 'SOC', members: ['ada@example.com'] }],
  workspaces: ['Default workspace', 'Europe'],
  schema: {
    incidentFields: [
      { name: 'ticket', inputType: 'text' },
      { name: 'risk', inputType: 'select', options: ['a', 'b', { label: 'old', enabled: false }] },
    ],
    tables: [
      {
        name: 'hosts',
        label: 'Affected hosts',
        columns: [
          { name: 'host', inputType: 'text', required: 'always' },
          { name: 'state', inputType: 'select', options: ['clean', 'infected'] },
          { name: 'notes', inputType: 'textarea', richText: true },
        ],
      },
    ],
    artifactTypes: [{ name: 'Wallet', programmaticName: 'wallet_address' }],
  },
};

export const targetOrg: OrgOptions = {
  id: 202,
  name: 'Target',
  users: [{ email: 'ada@example.com', fname: 'Ada', lname: 'Admin', password: 'pw' }],
  schema: { required: { 'incident.severity_code': 'always' }, omitFields: ['reporter'] },
};
