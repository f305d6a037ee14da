import type { Loss } from '../fields/TranslatedField.js';

/** Number of distinct losses that are remembered. Further ones are only counted together. */
const MAX_DISTINCT = 10_000;

/** Counts what the target could not hold: each thing is reported once, then only as a number. */
export class LossReport {
  private readonly counts = new Map<string, { readonly loss: Loss; count: number }>();
  private uncounted = 0;

  /** Adds the losses of one object. Returns those that are new, for the log. */
  add(losses: readonly Loss[]): readonly Loss[] {
    return losses.filter((loss) => this.count(loss));
  }

  /** Whether one of these was not lost before. */
  hasNews(losses: readonly Loss[]): boolean {
    return losses.some((loss) => !this.counts.has(lossKey(loss)));
  }

  /** Each distinct loss with the number of objects that had it, the most frequent first. */
  entries(): readonly { readonly loss: Loss; readonly count: number }[] {
    return [...this.counts.values()].sort((a, b) => b.count - a.count);
  }

  /** Total number of losses. */
  get total(): number {
    return this.entries().reduce((sum, { count }) => sum + count, this.uncounted);
  }

  /** One line per distinct loss; empty if nothing was lost. */
  summary(maxLines = 50): string {
    const entries = this.entries();
    const lines = entries.slice(0, maxLines).map(({ loss, count }) => `${describeLoss(loss)} (${count})`);
    const more = entries.slice(maxLines).reduce((sum, { count }) => sum + count, this.uncounted);
    return [...lines, ...(more > 0 ? [`… and others (${more})`] : [])].join('\n');
  }

  private count(loss: Loss): boolean {
    const key = lossKey(loss);
    const known = this.counts.get(key);
    if (known !== undefined) known.count++;
    else if (this.counts.size >= MAX_DISTINCT) this.uncounted++;
    else this.counts.set(key, { loss, count: 1 });
    return known === undefined && this.counts.has(key);
  }
}

/** The same for equal losses of any object. */
export function lossKey({ kind, name, label }: Loss): string {
  return JSON.stringify([kind, name, label]);
}

/** Describes a loss, without its object. */
export function describeLoss({ kind, name, label }: Loss): string {
  switch (kind) {
    case 'field':
      return `field ${name} is unknown in the target`;
    case 'option':
      return `field ${name}: the target has no option "${label ?? ''}"`;
    case 'person':
      return `field ${name}: the target has no user or group "${label ?? ''}"`;
    case 'table':
      return `data table ${name} is unknown in the target`;
    case 'column':
      return `data table column ${name} is unknown in the target`;
    case 'artifact-type':
      return `the target has no artifact type "${label ?? ''}"`;
    case 'workspace':
      return `the target has no workspace "${label ?? ''}"; its default is used`;
    case 'required':
      return `field ${name} is required in the target and unset at the source: ${label ?? 'unset'}`;
  }
}
