import type { Loss } from '../fields/TranslatedField.js';

/** Collects what one object loses, each thing once. */
export class FieldLosses {
  private readonly found = new Map<string, Loss>();

  add(kind: Loss['kind'], name: string, label?: string): void {
    const loss: Loss = label === undefined ? { kind, name } : { kind, name, label };
    this.found.set(JSON.stringify([kind, name, label]), loss);
  }

  list(): Loss[] {
    return [...this.found.values()];
  }
}
