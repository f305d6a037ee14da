import type { ArtifactTypeOptions, FieldOptions, SchemaOptions, TableOptions } from '../SchemaOptions.js';
import { noObject } from '../PlatformError.js';
import { ArtifactTypes } from './ArtifactTypes.js';
import { builtInFields, builtInTypes } from './builtInFields.js';
import { constantOptions, defaultOptions, disabledOptions, orgOptions } from './builtInOptions.js';
import { feedActivityFields, feedFunctionFields } from './feedPackage.js';
import { option, OptionSet } from './OptionSet.js';
import type { Option } from './OptionSet.js';
import { TypeDef } from './TypeDef.js';
import type { Field } from './TypeDef.js';

export interface SchemaBase {
  idBase: number;
  org: { id: number; name: string };
  workspaces: readonly string[];
  people: OptionSet;
  options: SchemaOptions;
  /** Whether the fields of IBM's feed package exist. */
  feedPackage: boolean;
}

const firstCustomFieldId = 320;
const firstTableId = 1001;
/**
 * Ids of the options that an administrator adds; higher than every built-in id below 1000, except those of phases and
 * types.
 */
const firstCustomOptionId = 100;

/** Every type, field and option of an org, with their ids in this org. */
export class Schema {
  readonly artifactTypes: ArtifactTypes;
  readonly sets: Record<string, OptionSet>;
  private readonly byName = new Map<string, TypeDef>();
  private readonly byId = new Map<number, TypeDef>();
  private nextFieldId: number;
  private nextOptionId: number;
  private nextTableId: number;
  /** Rises with every change of types and fields. */
  version = 0;

  constructor(private readonly base: SchemaBase) {
    const { idBase, options, feedPackage } = base;
    this.nextFieldId = idBase + 1;
    this.nextOptionId = idBase + firstCustomOptionId;
    this.artifactTypes = new ArtifactTypes(new Set(options.omitArtifactTypes), options.artifactTypes ?? [], idBase);
    this.sets = this.namedSets();
    for (const [name, id, label, parents] of builtInTypes) this.addType(new TypeDef(id, name, label, parents));
    for (const [name, lines] of Object.entries(builtInFields)) this.addBuiltIn(this.type(name), lines);
    this.nextFieldId = idBase + firstCustomFieldId;
    for (const field of options.incidentFields ?? []) this.addField(this.type('incident'), field);
    for (const field of [...(feedPackage ? feedActivityFields : []), ...(options.activityFields ?? [])])
      this.addField(this.type('actioninvocation'), field);
    for (const field of [...(feedPackage ? feedFunctionFields : []), ...(options.functionFields ?? [])])
      this.addField(this.type('__function'), field);
    this.nextTableId = idBase + firstTableId;
    for (const table of options.tables ?? []) this.addTable(table);
  }

  /** A data table with its columns. */
  addTable(table: TableOptions): TypeDef {
    const type = new TypeDef(this.nextTableId++, table.name, table.label ?? table.name, ['incident'], true);
    this.addType(type);
    for (const column of table.columns) this.addField(type, column);
    return type;
  }

  /** A custom field. */
  addField(type: TypeDef, field: FieldOptions): void {
    this.addCustom(type, field, ['incident', 'actioninvocation'].includes(type.name) ? 'properties' : null);
    this.version++;
  }

  removeField(type: TypeDef, field: Field): void {
    type.remove(field);
    this.version++;
  }

  /** An option of a select, an incident type or a phase. */
  addOption(set: OptionSet, label: string, more: Partial<Option> = {}): void {
    const own = set === this.sets['incidentTypes'] || set === this.sets['phases'] ? 1000 : 0;
    set.add(option(this.nextOptionId++ + own, label, more));
    this.version++;
  }

  addArtifactType(type: ArtifactTypeOptions): void {
    this.artifactTypes.addCustom(type);
    this.version++;
  }

  /** By name or id; throws 404, as the platform does. */
  type(nameOrId: string | number): TypeDef {
    const type = this.byName.get(String(nameOrId)) ?? this.byId.get(Number(nameOrId));
    if (!type) throw noObject(nameOrId);
    return type;
  }

  types(): IterableIterator<TypeDef> {
    return this.byName.values();
  }

  tables(): TypeDef[] {
    return [...this.byName.values()].filter((type) => type.isTable);
  }

  private addType(type: TypeDef): void {
    this.byName.set(type.name, type);
    this.byId.set(type.id, type);
  }

  private namedSets(): Record<string, OptionSet> {
    const { idBase, org, workspaces, people, options } = this.base;
    const sets: Record<string, OptionSet> = {};
    for (const [name, values] of Object.entries(constantOptions))
      sets[name] = new OptionSet(values.map(([value, label]) => option(value, label)));
    for (const [name, values] of Object.entries(orgOptions))
      sets[name] = new OptionSet(values.map(([value, label]) => shippedOption(name, idBase + value, label)));
    sets['workspaces'] = new OptionSet(
      workspaces.map((label, i) => option(idBase + 1 + i, label, { default: i === 0 })),
    );
    sets['orgs'] = new OptionSet([option(org.id, org.name, { properties: { configuration_type: 'standard' } })]);
    sets['artifactTypes'] = this.artifactTypes.options;
    sets['people'] = people;
    for (const { name, enabled, hidden } of options.incidentTypes ?? [])
      sets['incidentTypes']?.add(
        option(this.nextOptionId++ + 1000, name, { enabled: enabled ?? true, hidden: hidden ?? false }),
      );
    for (const phase of options.phases ?? []) sets['phases']?.add(option(this.nextOptionId++ + 1000, phase));
    return sets;
  }

  private addBuiltIn(type: TypeDef, lines: string): void {
    const {
      omitFields = [],
      omitOptions = {},
      addOptions = {},
      retiredOptions = {},
      required = {},
    } = this.base.options;
    for (const line of lines.trim().split('\n')) {
      const [name = '', text = '', inputType = '', flags = '', set = ''] = line.split('|').map((part) => part.trim());
      const id = this.nextFieldId++;
      const key = `${type.name}.${name}`;
      if (type.name === 'incident' && omitFields.includes(name)) continue;
      const words = flags.split(' ');
      const options = this.builtInOptions(set, omitOptions[key], addOptions[key], retiredOptions[key]);
      type.add({
        id,
        name,
        text,
        prefix: words.find((word) => word.startsWith('p:'))?.slice(2) ?? null,
        typeId: type.id,
        inputType: inputType as Field['inputType'],
        required:
          required[key] ?? (words.includes('always') ? 'always' : words.includes('close') ? 'close' : undefined),
        internal: true,
        readOnly: words.includes('ro'),
        richText: words.includes('rt'),
        options,
        people: set === 'people',
        ...(name === 'confirmed' ? { labelTrue: 'Confirmed', labelFalse: 'Unconfirmed' } : {}),
      });
    }
  }

  private builtInOptions(set: string, omit: string[] = [], add: string[] = [], retired: string[] = []): OptionSet {
    const shared = this.sets[set] ?? new OptionSet();
    if (omit.length + add.length + retired.length === 0) return shared;
    const own = new OptionSet();
    for (const each of shared.all())
      if (!omit.includes(each.label)) own.add({ ...each, enabled: each.enabled && !retired.includes(each.label) });
    for (const label of add) own.add(option(this.nextOptionId++, label, { enabled: !retired.includes(label) }));
    return own;
  }

  private addCustom(type: TypeDef, field: FieldOptions, prefix: string | null): void {
    const people = ['select_owner', 'select_user', 'multiselect_members'].includes(field.inputType);
    const retired = this.base.options.retiredOptions?.[`${type.name}.${field.name}`] ?? [];
    type.add({
      id: this.nextFieldId++,
      name: field.name,
      text: field.label ?? field.name,
      prefix,
      typeId: type.id,
      inputType: field.inputType,
      required: field.required,
      internal: false,
      readOnly: false,
      richText: field.richText ?? false,
      options: people ? this.base.people : new OptionSet(this.customOptions(field, retired)),
      people,
      ...(field.labelTrue === undefined ? {} : { labelTrue: field.labelTrue }),
      ...(field.labelFalse === undefined ? {} : { labelFalse: field.labelFalse }),
      ...(field.uuid === undefined ? {} : { uuid: field.uuid }),
      ...(field.tooltip === undefined ? {} : { tooltip: field.tooltip }),
    });
  }

  private customOptions(field: FieldOptions, retired: readonly string[]): Option[] {
    return (field.options ?? []).map((each) => {
      const given = typeof each === 'string' ? { label: each } : each;
      const { label, ...more } = given;
      const known = option(this.nextOptionId++, label, more);
      return retired.includes(label) ? { ...known, enabled: false } : known;
    });
  }
}

function shippedOption(set: string, value: number, label: string): Option {
  return option(value, label, {
    enabled: !disabledOptions.has(label),
    default: defaultOptions.has(`${set}:${label}`),
    ...(set === 'incidentTypes' && disabledOptions.has(label) ? { hidden: true } : {}),
  });
}
