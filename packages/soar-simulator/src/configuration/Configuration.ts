import { asBag } from '../org/bag.js';
import type { Bag } from '../org/bag.js';
import type { OrgState } from '../org/OrgState.js';
import { invalid, noObject, PlatformError } from '../org/PlatformError.js';
import type { RuleEngine } from '../rules/RuleEngine.js';
import { applyImport } from './applyImport.js';
import { checkImport } from './checkImport.js';
import { exportOf } from './exportOf.js';

/** What can be deleted of a configuration. */
export type Deletable = 'action' | 'function' | 'playbook' | 'destination' | 'field';

type Step =
  | { readonly kind: 'import'; readonly body: Bag }
  | { readonly kind: 'delete'; readonly what: Deletable; readonly of: readonly string[] };

/** What was imported and deleted, in order: the rest of a schema comes from the org's options. */
export type SavedConfiguration = readonly Step[];

interface Import {
  readonly id: number;
  status: string;
  readonly body: Bag;
  readonly messages: readonly { readonly type: string; readonly text: string }[];
}

/** Exports and imports of an org's configuration: schema, rules, functions, playbooks and destinations. */
export class Configuration {
  private readonly imports = new Map<number, Import>();
  private readonly playbooks = new Map<string, Bag>();
  private steps: Step[] = [];

  constructor(
    private readonly org: OrgState,
    private readonly rules: RuleEngine,
  ) {}

  export(): Bag {
    return exportOf(this.org, this.rules, [...this.playbooks.values()]);
  }

  /** Throws 400 for what the org cannot take. By default nothing changes until it is confirmed. */
  import(body: Bag): Bag {
    const { imports } = this.org.behaviour;
    if (imports === 'refused') throw invalid('The configuration cannot be imported.');
    checkImport(this.org, this.rules, body);
    const id = this.imports.size + 1;
    const messages = [{ type: 'INFO', text: 'The import may change existing customizations.' }];
    const made: Import = { id, status: 'PENDING', body, messages };
    this.imports.set(id, made);
    return imports === 'at-once' ? this.accept(made) : dtoOf(made);
  }

  at(id: number): Bag {
    return dtoOf(this.found(id));
  }

  /** `ACCEPTED` applies a pending import, `REJECTED` ends it. */
  confirm(id: number, status: unknown): Bag {
    const made = this.found(id);
    if (made.status !== 'PENDING') throw new PlatformError(400, 'The import is not pending.');
    if (status !== 'ACCEPTED' && status !== 'REJECTED') throw invalid(`Invalid status: ${String(status)}`);
    if (status === 'ACCEPTED') return this.accept(made);
    made.status = 'REJECTED';
    return dtoOf(made);
  }

  delete(what: Deletable, ...of: readonly string[]): void {
    if (this.org.behaviour.customizationDeletes === 'refused')
      throw new PlatformError(405, 'HTTP 405 Method Not Allowed');
    this.remove(what, of);
    this.steps.push({ kind: 'delete', what, of });
  }

  save(): SavedConfiguration {
    return structuredClone(this.steps);
  }

  load(saved: SavedConfiguration): void {
    this.steps = [];
    for (const step of saved) {
      if (step.kind === 'import') applyImport(this.org, this.rules, this.playbooks, step.body);
      else this.remove(step.what, step.of);
      this.steps.push(step);
    }
  }

  private accept(made: Import): Bag {
    if (this.org.behaviour.imports === 'failed') {
      made.status = 'FAILED';
      return { ...dtoOf(made), messages: [{ type: 'ERROR', text: 'The import failed.' }] };
    }
    applyImport(this.org, this.rules, this.playbooks, made.body);
    this.steps.push({ kind: 'import', body: made.body });
    made.status = 'ACCEPTED';
    return dtoOf(made);
  }

  private remove(what: Deletable, [name = '', field = '']: readonly string[]): void {
    switch (what) {
      case 'action':
        return this.rules.removeRule(Number(name));
      case 'function': {
        const called = this.rules.functions.find((each) => each.name === name || each.id === Number(name));
        return this.rules.removeFunction(called?.id ?? Number(name));
      }
      case 'playbook':
        if (!this.playbooks.delete(name)) throw noObject(name);
        return;
      case 'destination': {
        const destination = this.rules.destinations.at(Number(name));
        const users = [...this.rules.list(), ...this.rules.functions];
        if (users.some((each) => each.destination === destination.name))
          throw invalid(`The message destination ${destination.name} is in use.`);
        return this.rules.destinations.remove(destination);
      }
      case 'field': {
        const type = this.org.schema.type(name);
        const known = type.fields.get(field) ?? type.fieldsById.get(Number(field));
        if (!known) throw noObject(field);
        if (known.internal) throw invalid(`The field ${known.name} is built in.`);
        if (name === '__function' && this.rules.functions.some(({ inputs }) => inputs.includes(known.name)))
          throw invalid(`The field ${known.name} is in use.`);
        return this.org.schema.removeField(type, known);
      }
    }
  }

  private found(id: number): Import {
    const made = this.imports.get(id);
    if (!made) throw noObject(id);
    return made;
  }
}

function dtoOf({ id, status, messages }: Import): Bag {
  return asBag({ id, status, messages });
}
