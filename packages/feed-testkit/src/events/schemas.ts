import type { TypeSchema } from '@soar-feed/core';
import { DATA_TABLE_KIND, toTypeSchema } from '@soar-feed/core';

/** Small, but with the platform's shape: ids and kinds of the built-in types are IBM's. */
export const schemas = {
  incident: toTypeSchema({
    id: 0,
    type_id: 0,
    type_name: 'incident',
    display_name: 'Incident',
    fields: [
      { id: 1, name: 'name', text: 'Name', input_type: 'text', required: 'always', internal: true },
      { id: 2, name: 'description', text: 'Description', input_type: 'textarea', rich_text: true, internal: true },
      {
        id: 3,
        name: 'discovered_date',
        text: 'Date Discovered',
        input_type: 'datetimepicker',
        required: 'always',
        internal: true,
      },
      {
        ...{ id: 4, name: 'severity_code', text: 'Severity', input_type: 'select', internal: true },
        values: [
          { value: 50, label: 'Low', enabled: true },
          { value: 51, label: 'Medium', enabled: true },
          { value: 52, label: 'High', enabled: true },
        ],
      },
      {
        ...{ id: 5, name: 'plan_status', text: 'Status', input_type: 'select', internal: true },
        values: [
          { value: 'A', label: 'Active', enabled: true },
          { value: 'C', label: 'Closed', enabled: true },
        ],
      },
      { id: 6, name: 'ticket', text: 'Ticket', input_type: 'text', prefix: 'properties', internal: false },
    ],
  }),
  task: toTypeSchema({
    id: 1,
    type_id: 1,
    type_name: 'task',
    display_name: 'Task',
    parent_types: ['incident'],
    fields: [
      { id: 90, name: 'name', text: 'Name', input_type: 'text', required: 'always', internal: true },
      {
        ...{ id: 91, name: 'status', text: 'Status', input_type: 'select', internal: true },
        values: [
          { value: 'O', label: 'Open', enabled: true },
          { value: 'C', label: 'Closed', enabled: true },
        ],
      },
    ],
  }),
  note: toTypeSchema({
    id: 2,
    type_id: 2,
    type_name: 'note',
    display_name: 'Note',
    parent_types: ['incident', 'task'],
    fields: [{ id: 106, name: 'text', text: 'Text', input_type: 'textarea', rich_text: true, internal: true }],
  }),
  artifact: toTypeSchema({
    id: 4,
    type_id: 4,
    type_name: 'artifact',
    display_name: 'Artifact',
    parent_types: ['incident'],
    fields: [
      {
        ...{ id: 120, name: 'type', text: 'Type', input_type: 'select', internal: true },
        values: [{ value: 1, label: 'IP Address', enabled: true }],
      },
      { id: 121, name: 'value', text: 'Value', input_type: 'textarea', internal: true },
    ],
  }),
  attachment: toTypeSchema({
    id: 5,
    type_id: 5,
    type_name: 'attachment',
    display_name: 'Attachment',
    parent_types: ['incident', 'task'],
    fields: [
      { id: 140, name: 'name', text: 'Name', input_type: 'text', internal: true },
      { id: 141, name: 'size', text: 'Size', input_type: 'number', internal: true },
      // The platform describes it only for attachments.
      { id: 142, name: 'task_id', text: 'Automatic Task ID', input_type: 'number', internal: true },
    ],
  }),
  row: toTypeSchema({
    id: 1001,
    type_id: DATA_TABLE_KIND,
    type_name: 'hosts',
    display_name: 'Hosts',
    parent_types: ['incident'],
    fields: [
      { id: 322, name: 'host_name', text: 'Host name', input_type: 'text' },
      { id: 323, name: 'seen', text: 'Seen', input_type: 'datetimepicker' },
    ],
  }),
} satisfies Record<string, TypeSchema>;
