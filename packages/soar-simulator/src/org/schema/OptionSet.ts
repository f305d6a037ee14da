import { uuidFrom } from '../uuidFrom.js';

export interface Option {
  readonly value: number | string;
  readonly label: string;
  enabled: boolean;
  readonly hidden: boolean;
  readonly default: boolean;
  readonly properties: Record<string, unknown> | null;
}

/** The options of one field, by id and by label. People are kept in one set that all their fields share. */
export class OptionSet {
  private readonly byValue = new Map<number | string, Option>();
  private readonly byLabel = new Map<string, Option>();
  /** Rises with every change, so that cached JSON is refreshed. */
  version = 0;

  constructor(options: Iterable<Option> = []) {
    for (const option of options) this.add(option);
  }

  add(option: Option): void {
    this.byValue.set(option.value, option);
    this.byLabel.set(option.label, option);
    this.version++;
  }

  get(value: unknown): Option | undefined {
    return this.byValue.get(value as number);
  }

  find(label: string): Option | undefined {
    return this.byLabel.get(label);
  }

  all(): IterableIterator<Option> {
    return this.byValue.values();
  }

  get size(): number {
    return this.byValue.size;
  }
}

export function option(value: number | string, label: string, more: Partial<Option> = {}): Option {
  return { value, label, enabled: true, hidden: false, default: false, properties: null, ...more };
}

/** An option as the platform shows it in `values`. */
export function optionDto(of: Option): Record<string, unknown> {
  const { value, label, enabled, hidden, properties } = of;
  return { value, label, enabled, hidden, default: of.default, properties, uuid: uuidFrom(`option:${value}:${label}`) };
}
