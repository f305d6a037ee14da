import type { ConfigurationDto } from '@soar-feed/soar-client';
import type { SoarObject } from '../contract/FeedEvent.js';
import type { ListName } from './entries.js';

/** The lists of a 2026 export, empty. */
const EMPTY = {
  action_order: [],
  actions: [],
  apps: [],
  automatic_tasks: [],
  export_format_version: 2,
  export_type: null,
  functions: [],
  geos: null,
  groups: null,
  id: 1,
  inbound_destinations: [],
  inbound_mailboxes: null,
  incident_artifact_types: [],
  industries: null,
  layouts: [],
  locale: null,
  message_destinations: [],
  notifications: null,
  overrides: null,
  phases: [],
  playbooks: [],
  regulators: null,
  roles: [],
  scripts: [],
  tags: [],
  task_order: [],
  timeframes: null,
  types: [],
  workflows: [],
  workspaces: [],
};

/** Every export of IBM's holds these two; the platform takes no import without them (resilient-sdk). */
const INCIDENT_TYPE = {
  description: 'Customization Packages (internal)',
  enabled: false,
  export_key: 'Customization Packages (internal)',
  hidden: false,
  id: 0,
  name: 'Customization Packages (internal)',
  parent_id: null,
  system: false,
  uuid: 'bfeec2d4-3770-11e8-ad39-4a0004044aa0',
};
const FIELD = {
  export_key: 'incident/internal_customizations_field',
  id: 0,
  input_type: 'text',
  internal: true,
  name: 'internal_customizations_field',
  read_only: true,
  text: 'Customizations Field (internal)',
  type_id: 0,
  uuid: 'bfeec2d4-3770-11e8-ad39-4a0004044aa1',
};

/** An import that holds these entries, by list. */
export function configurationOf(entries: Partial<Record<ListName, readonly SoarObject[]>>): ConfigurationDto {
  const { fields = [], incident_types: types = [], ...others } = entries;
  return {
    ...EMPTY,
    ...others,
    fields: [...fields, FIELD],
    incident_types: [...types, INCIDENT_TYPE],
  };
}
