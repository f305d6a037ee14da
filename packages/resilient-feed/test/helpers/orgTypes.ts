import type { TypeDto } from '@soar-feed/soar-client';

type FieldDto = TypeDto['fields'][string];
type OptionDto = NonNullable<FieldDto['values']>[number];

export interface FieldExtras {
  readonly prefix?: string;
  readonly required?: 'always' | 'close';
  readonly readOnly?: boolean;
  readonly rich?: boolean;
  readonly options?: readonly (string | Partial<OptionDto>)[];
}

/** Describes the types of an organization as `GET /types` does; every id is counted up from `base`. */
export class OrgTypes {
  private nextId: number;
  readonly types: Record<string, TypeDto> = {};

  constructor(base: number) {
    this.nextId = base;
  }

  add(name: string, fields: Record<string, FieldDto>, kind = 0): this {
    const id = kind === 8 ? this.nextId++ : kind;
    this.types[name] = { id, type_id: kind, type_name: name, display_name: name, fields, parent_types: ['incident'] };
    return this;
  }

  field(name: string, inputType: string, extras: FieldExtras = {}): FieldDto {
    return {
      id: this.nextId++,
      name,
      text: name,
      input_type: inputType,
      prefix: extras.prefix ?? null,
      required: extras.required ?? null,
      read_only: extras.readOnly ?? false,
      internal: extras.prefix !== 'properties',
      rich_text: extras.rich ?? false,
      values: (extras.options ?? []).map((option) => this.option(option)),
    };
  }

  /** Id of an option by label. */
  id(type: string, field: string, label: string): number {
    const option = this.types[type]?.fields[field]?.values?.find((value) => value.label === label);
    if (typeof option?.value !== 'number') throw new Error(`no option ${type}.${field} "${label}"`);
    return option.value;
  }

  columnId(type: string, field: string): string {
    const column = this.types[type]?.fields[field];
    if (column === undefined) throw new Error(`no column ${type}.${field}`);
    return String(column.id);
  }

  private option(option: string | Partial<OptionDto>): OptionDto {
    const given = typeof option === 'string' ? { label: option } : option;
    return { value: this.nextId++, label: '', enabled: true, hidden: false, default: false, ...given };
  }
}

export interface OrgDifferences {
  readonly incidentFields?: (org: OrgTypes) => Record<string, FieldDto>;
  readonly severities?: readonly (string | Partial<OptionDto>)[];
  readonly columns?: (org: OrgTypes) => Record<string, FieldDto>;
  readonly withTable?: boolean;
  readonly richTaskDescription?: boolean;
}

/** A small organization with every type; two with different bases share labels and no id. */
export function orgTypes(base: number, differences: OrgDifferences = {}): OrgTypes {
  const org = new OrgTypes(base);
  const people = ['Ada Admin (ada@example.com)', 'Bob Builder (bob@example.com)', 'Night Watch'];
  const named = (fields: FieldDto[]): Record<string, FieldDto> => Object.fromEntries(fields.map((f) => [f.name, f]));
  const severities = differences.severities ?? ['Low', 'Medium', 'High'];
  const statuses = [
    { value: 'A', label: 'Active' },
    { value: 'C', label: 'Closed' },
  ];
  org.add('incident', {
    ...named([
      org.field('id', 'number', { readOnly: true }),
      org.field('name', 'text', { required: 'always' }),
      org.field('description', 'textarea', { rich: true }),
      org.field('discovered_date', 'datetimepicker', { required: 'always' }),
      org.field('create_date', 'datetimepicker', { readOnly: true }),
      org.field('start_date', 'datetimepicker'),
      org.field('due_date', 'datetimepicker', { readOnly: true }),
      org.field('plan_status', 'select', { options: statuses }),
      org.field('severity_code', 'select', { options: severities }),
      org.field('incident_type_ids', 'multiselect', { options: ['Malware', 'Phishing', 'Lost device'] }),
      org.field('owner_id', 'select_owner', { options: people }),
      org.field('members', 'multiselect_members', { options: people }),
      org.field('resolution_id', 'select', { required: 'close', options: ['Unresolved', 'Resolved'] }),
      org.field('resolution_summary', 'textarea', { required: 'close', rich: true }),
      org.field('workspace', 'select', { required: 'always', options: ['Default workspace', 'Team B'] }),
      org.field('phase_id', 'select', { readOnly: true, options: ['Initial', 'Respond'] }),
      org.field('confirmed', 'boolean'),
      org.field('city', 'text'),
      org.field('data_compromised', 'boolean', { prefix: 'pii' }),
      org.field('data_format', 'select', { prefix: 'pii', options: ['Paper', 'Electronic'] }),
      org.field('gdpr_breach_type_comment', 'textarea', { prefix: 'gdpr' }),
    ]),
    ...differences.incidentFields?.(org),
  });
  org.add(
    'task',
    named([
      org.field('name', 'text', { required: 'always' }),
      org.field('description', 'textarea', { rich: differences.richTaskDescription ?? false }),
      org.field('instructions', 'textarea', { rich: true }),
      org.field('instr_text', 'textarea'),
      org.field('due_date', 'datetimepicker'),
      org.field('init_date', 'datetimepicker', { readOnly: true }),
      org.field('owner_id', 'select_owner', { options: people }),
      org.field('members', 'multiselect_members', { options: people }),
      org.field('phase_id', 'select', { options: ['Initial', 'Respond'] }),
      org.field('category_id', 'select', { options: ['Legal', 'IT'] }),
      org.field('private', 'boolean'),
      org.field('required', 'boolean'),
      org.field('custom', 'boolean', { readOnly: true }),
      org.field('status', 'select', {
        options: [
          { value: 'O', label: 'Open' },
          { value: 'C', label: 'Closed' },
        ],
      }),
    ]),
    1,
  );
  org.add(
    'note',
    named([
      org.field('text', 'textarea', { rich: true }),
      org.field('user_id', 'select_user', { readOnly: true, options: people }),
    ]),
    2,
  );
  org.add(
    'milestone',
    named([
      org.field('title', 'text', { required: 'always' }),
      org.field('description', 'textarea'),
      org.field('date', 'datetimepicker', { required: 'always' }),
    ]),
    3,
  );
  const noDuplicates = { properties: { allow_duplicate: false } };
  org.add(
    'artifact',
    named([
      org.field('type', 'select', {
        readOnly: true,
        options: [{ label: 'IP Address', ...noDuplicates }, 'String', 'Malware Family', 'Only Here'],
      }),
      org.field('value', 'text', { readOnly: true }),
      org.field('description', 'textarea'),
      org.field('relating', 'boolean'),
      org.field('score', 'text', { readOnly: true, required: 'always' }),
      org.field('source', 'boolean', { prefix: 'ip' }),
      org.field('destination', 'boolean', { prefix: 'ip' }),
      org.field('summary', 'textarea', { prefix: 'global_info', readOnly: true }),
    ]),
    4,
  );
  org.add('attachment', named([org.field('name', 'text', { readOnly: true })]), 5);
  if (differences.withTable !== false) {
    org.add(
      'hosts_dt',
      {
        ...named([
          org.field('host_name', 'text'),
          org.field('risk', 'select', { options: ['low', 'high'] }),
          org.field('tags', 'multiselect', { options: ['server', 'laptop'] }),
          org.field('seen', 'datetimepicker'),
          org.field('score', 'number'),
        ]),
        ...differences.columns?.(org),
      },
      8,
    );
  }
  return org;
}
