import type { People } from '../people/People.js';
import { invalid } from '../PlatformError.js';
import type { Schema } from '../schema/Schema.js';
import { isMulti } from '../schema/TypeDef.js';
import type { Field } from '../schema/TypeDef.js';
import { escapeText, sanitise } from './sanitise.js';

export interface ValueRules {
  sanitiseRichText: boolean;
  retiredOption: 'accepted' | 'refused';
  customArtifactTypeBy: 'programmatic-name' | 'anything';
  nullName: 'empty' | 'refused';
}

/** Converts what a client sent for a field to what is stored: option ids, plain strings, integers. Throws 400. */
export class ValueReader {
  constructor(
    private readonly schema: Schema,
    private readonly people: People,
    private readonly rules: () => ValueRules,
  ) {}

  read(field: Field, sent: unknown, current?: unknown): unknown {
    if (sent === undefined || sent === null) return isMulti(field) ? [] : null;
    switch (field.inputType) {
      case 'text':
        return text(field, sent);
      case 'textarea':
        return this.richText(field, sent);
      case 'number':
      case 'datepicker':
      case 'datetimepicker':
        return integer(field, sent);
      case 'boolean':
        return flag(field, sent);
      case 'select':
      case 'select_owner':
      case 'select_user': {
        const handle = unwrap(sent);
        return handle === null && this.rules().nullName === 'empty' ? null : this.option(field, handle, current);
      }
      case 'multiselect':
      case 'multiselect_members':
      case 'multiselect_tagref': {
        const list = Array.isArray(sent) ? (sent as unknown[]) : [sent];
        return [...new Set(list.map((each) => this.option(field, unwrap(each), current)))];
      }
      case 'nested_collection':
      case 'none':
        return sent;
    }
  }

  richText(field: Field, sent: unknown): string | null {
    const { format, content } = asRichText(field, sent);
    if (content === null) return null;
    if (format === 'text') return field.richText ? escapeText(content) : content;
    return this.rules().sanitiseRichText ? sanitise(content) : content;
  }

  private option(field: Field, handle: unknown, current: unknown): number | string {
    const id = this.idOf(field, handle);
    const option = field.options.get(id);
    if (id === undefined || !option)
      throw invalid(`"${String(handle)}" is not a valid value for the field ${field.name}.`);
    const kept = Array.isArray(current) ? current.includes(id) : current === id;
    if (!option.enabled && !kept && this.rules().retiredOption === 'refused')
      throw invalid(`The value "${option.label}" of the field ${field.name} is disabled.`);
    return id;
  }

  private idOf(field: Field, handle: unknown): number | string | undefined {
    if (field.people) return typeof handle === 'string' ? this.people.find(handle)?.dto.id : asId(handle);
    if (field.options === this.schema.artifactTypes.options && typeof handle === 'string')
      return this.schema.artifactTypes.find(handle, this.rules().customArtifactTypeBy === 'anything')?.id;
    // The ids of statuses are strings, so a string may be an id or a label.
    if (typeof handle === 'string') return (field.options.get(handle) ?? field.options.find(handle))?.value;
    return asId(handle);
  }
}

/** A handle is an id, a name, or an object with one of them. */
function unwrap(sent: unknown): unknown {
  if (typeof sent !== 'object' || sent === null) return sent;
  const { id, name } = sent as { id?: unknown; name?: unknown };
  return id ?? name ?? null;
}

function asId(handle: unknown): number | undefined {
  return typeof handle === 'number' ? handle : undefined;
}

function text(field: Field, sent: unknown): string {
  if (typeof sent === 'string') return sent;
  if (typeof sent === 'number' || typeof sent === 'boolean') return String(sent);
  throw wrongType(field, 'a string');
}

/** Keeps all digits of a 64-bit integer: one that does not fit into a double becomes a bigint. */
function integer(field: Field, sent: unknown): number | bigint {
  const isInteger =
    typeof sent === 'bigint' || Number.isInteger(sent) || (typeof sent === 'string' && /^-?\d+$/.test(sent));
  const value = isInteger ? BigInt(sent as bigint | number | string) : undefined;
  if (value !== undefined && BigInt.asIntN(64, value) === value)
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  throw wrongType(field, field.inputType === 'number' ? 'an integer' : 'a date in ms since the epoch');
}

function flag(field: Field, sent: unknown): boolean {
  if (typeof sent === 'boolean') return sent;
  if (sent === 'true' || sent === 'false') return sent === 'true';
  throw wrongType(field, 'true or false');
}

function asRichText(field: Field, sent: unknown): { format: string; content: string | null } {
  if (typeof sent === 'string') return { format: 'html', content: sent };
  if (typeof sent === 'object' && sent !== null && 'content' in sent) {
    const { format, content } = sent as { format?: unknown; content: unknown };
    if (content === null || typeof content === 'string') return { format: String(format ?? 'html'), content };
  }
  throw wrongType(field, 'a string or {format,content}');
}

function wrongType(field: Field, wanted: string): Error {
  return invalid(`The field ${field.name} has an invalid value; it must be ${wanted}.`);
}
