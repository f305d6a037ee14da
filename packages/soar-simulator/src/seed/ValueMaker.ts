import { referenceFields } from '../compare/inherentDifferences.js';
import type { DumpField, DumpSchema } from '../dump/OrgDump.js';
import type { FileInput } from '../org/dto/common.js';
import type { ArtifactInput } from '../org/dto/ArtifactDto.js';
import type { IncidentInput } from '../org/dto/IncidentDto.js';
import type { MilestoneInput } from '../org/dto/MilestoneDto.js';
import type { TaskChanges, TaskInput } from '../org/dto/TaskDto.js';
import type { Random } from './Random.js';
import { fileName, longText, richText, shortText } from './texts.js';

/** Random values for whatever fields an org has. */
export class ValueMaker {
  constructor(
    private readonly schema: DumpSchema,
    private readonly random: Random,
  ) {}

  incident(): IncidentInput {
    const { random } = this;
    const body = this.incidentFields(0.3);
    return {
      ...body,
      name: shortText(random),
      discovered_date: this.date(),
      description: random.chance(0.9) ? richText(random) : null,
      incident_type_ids: this.incidentTypes(),
    };
  }

  /** Some of the writable incident fields, in their sections. Fields that the org requires are always included. */
  incidentFields(share: number): Record<string, unknown> {
    const body: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(this.schema.types['incident']?.fields ?? {})) {
      if (field.readOnly || setApart.has(name)) continue;
      if (field.required !== 'always' && !this.random.chance(share)) continue;
      put(body, field.prefix, name, this.value(field));
    }
    return body;
  }

  /** One random field with a new value: most edits by analysts are like this. */
  incidentEdit(): { name: string; changes: Record<string, unknown> } {
    const fields = Object.entries(this.schema.types['incident']?.fields ?? {});
    const [name, field] = this.random.pick(fields.filter(([each, { readOnly }]) => !readOnly && !leftAlone.has(each)));
    const changes: Record<string, unknown> = {};
    put(changes, field.prefix, name, name === 'incident_type_ids' ? this.incidentTypes() : this.value(field));
    return { name, changes };
  }

  task(): TaskInput {
    return { name: shortText(this.random), ...this.taskFields(0.5) };
  }

  taskFields(share: number): TaskChanges {
    const body: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(this.schema.types['task']?.fields ?? {})) {
      if (field.readOnly || taskFieldsSetApart.has(name) || !this.random.chance(share)) continue;
      const value = this.value(field);
      if (name !== 'phase_id' || value !== null) body[name] = value;
    }
    if (this.random.chance(0.1)) Object.assign(body, { private: true, members: this.people('task', 'members') });
    return body;
  }

  note(): string {
    return richText(this.random);
  }

  milestone(): MilestoneInput {
    const { random } = this;
    return { title: shortText(random), date: this.date(), description: random.chance(0.8) ? longText(random) : null };
  }

  /** A value artifact. Its value has no commas or blanks where the platform would split it. */
  artifact(): ArtifactInput {
    const { random } = this;
    const type = random.pick(this.schema.artifactTypes.filter(({ file }) => !file));
    return { type: nameOf(type), value: this.artifactValue(type.label), ...this.artifactDetails() };
  }

  fileArtifact(): ArtifactInput {
    const type = this.random.pick(this.schema.artifactTypes.filter(({ file }) => file));
    return { type: nameOf(type), ...this.artifactDetails() };
  }

  artifactDetails(): Pick<ArtifactInput, 'description' | 'relating' | 'ip'> {
    const { random } = this;
    return {
      description: random.chance(0.6) ? longText(random) : null,
      relating: random.pick([null, null, true, false]),
      ip: { source: random.pick([null, true, false]), destination: random.pick([null, true, false]) },
    };
  }

  file(): FileInput {
    const { random } = this;
    const size = random.chance(0.02) ? 1_048_577 : random.chance(0.05) ? 0 : random.integer(1, 8_000);
    return {
      name: fileName(random),
      contentType: random.pick(['application/octet-stream', 'text/plain', 'image/png', 'message/rfc822']),
      content: random.bytes(size),
    };
  }

  cells(table: string): Record<string, unknown> {
    const cells: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(this.schema.types[table]?.fields ?? {})) {
      if (field.required || this.random.chance(0.75)) cells[name] = this.value(field);
    }
    return cells;
  }

  /**
   * For a select: an option that can be chosen, or sometimes a retired one. For other fields: a value of the field's
   * type, or empty.
   */
  value(field: DumpField): unknown {
    const { random } = this;
    const optional = field.required === undefined;
    switch (field.inputType) {
      case 'text':
        return optional && random.chance(0.15) ? random.pick([null, '']) : shortText(random);
      case 'textarea':
        if (optional && random.chance(0.15)) return random.pick([null, '']);
        return field.richText ? richText(random) : longText(random);
      case 'number':
        if (optional && random.chance(0.1)) return null;
        return random.pick([0, -1, random.integer(1, 100), 1_700_000_000_000]);
      case 'boolean':
        return random.pick([true, false, optional ? null : true]);
      case 'datepicker':
      case 'datetimepicker':
        return optional && random.chance(0.1) ? null : this.date();
      case 'select':
      case 'select_owner':
      case 'select_user': {
        const ids = this.choices(field);
        return ids.length === 0 || (optional && random.chance(0.1)) ? null : random.pick(ids);
      }
      case 'multiselect':
      case 'multiselect_members': {
        const ids = random.some(this.choices(field), 3);
        return ids.length === 0 && !optional ? this.choices(field).slice(0, 1) : ids;
      }
      default:
        return null;
    }
  }

  /** Often Malware and Phishing, because they bring automatic tasks; other types too. */
  private incidentTypes(): number[] {
    const { random } = this;
    const known = this.schema.incidentTypes.filter(({ enabled }) => enabled);
    const ids = new Set(random.some(known, 2).map(({ id }) => id));
    for (const label of ['Malware', 'Phishing']) {
      const type = known.find((each) => each.label === label);
      if (!type) continue;
      if (random.chance(0.27)) ids.add(type.id);
      else ids.delete(type.id);
    }
    return [...ids];
  }

  private choices(field: DumpField): (number | string)[] {
    const retired = this.random.chance(0.3);
    return field.options.filter(({ enabled }) => enabled || retired).map(({ id }) => id);
  }

  private people(type: string, name: string): (number | string)[] {
    const field = this.schema.types[type]?.fields[name];
    return field ? this.random.some(this.choices(field), 3) : [];
  }

  private artifactValue(label: string): string {
    const { random } = this;
    const octet = () => random.integer(1, 254);
    if (label === 'IP Address') return `10.${octet()}.${octet()}.${octet()}`;
    if (label === 'DNS Name') return `host-${random.integer(1, 9_999)}.例え.example.com`;
    if (label === 'URL') return `https://example.com/${random.integer(1, 9_999)}?q=ä&x=1,2`;
    if (label.includes('Hash')) return random.bytes(20).toString('hex');
    if (label === 'Email Recipient' || label === 'Email Sender') return `user${random.integer(1, 9_999)}@example.com`;
    return `${shortText(random)} ${random.integer(1, 99_999)}`.replaceAll(',', ';');
  }

  private date(): number {
    return 1_700_000_000_000 + this.random.integer(0, 20_000_000) * 1_000 + this.random.integer(0, 999);
  }
}

/** Custom types have the name that the platform wants (IBM resilientfeed 1.1.0). */
function nameOf(type: DumpSchema['artifactTypes'][number]): string {
  return type.custom ? type.programmaticName : type.label;
}

function put(body: Record<string, unknown>, prefix: string | null, name: string, value: unknown): void {
  if (prefix === null) body[name] = value;
  else body[prefix] = { ...(body[prefix] as Record<string, unknown> | undefined), [name]: value };
}

/** Closing and reopening are separate operations; references belong to a feed, and no analyst fills them. */
const leftAlone = new Set(['plan_status', 'resolution_id', 'resolution_summary', ...referenceFields]);
const setApart = new Set([...leftAlone, 'name', 'discovered_date', 'description', 'incident_type_ids']);
/** `instr_text` is the old name of `instructions`; members are set together with `private`. */
const taskFieldsSetApart = new Set(['name', 'status', 'instr_text', 'private', 'members']);
