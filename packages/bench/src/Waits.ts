/** What a lane waits for besides the target: the mean and the 95th percentile, ms. */
export interface WaitFigures {
  readonly count: number;
  readonly mean: number;
  readonly p95: number;
}

/** `last`: the store says what was applied last. `intent`: a create may be sent. `settle`: an event may be acknowledged. */
export type Wait = 'last' | 'intent' | 'settle';

export type Figures = Readonly<Record<Wait, WaitFigures>>;

type Method = (this: unknown, ...values: unknown[]) => Promise<unknown>;

/** Where each wait happens, below `packages`: the same places in every commit that is compared. */
const PLACES: Readonly<Record<Wait, readonly [file: string, name: string, method: string]>> = {
  last: ['store/dist/feed/KnexSettlementStore.js', 'KnexSettlementStore', 'last'],
  intent: ['resilient-feed/dist/mapping/OpenCreates.js', 'OpenCreates', 'begin'],
  settle: ['core/dist/parking/Parking.js', 'Parking', 'settle'],
};

/** Times the waits inside this process, in the packages beside this one. */
export class Waits {
  private readonly taken: Record<Wait, number[]> = { last: [], intent: [], settle: [] };

  static async watch(): Promise<Waits> {
    const waits = new Waits();
    for (const wait of ['last', 'intent', 'settle'] as const) await waits.wrap(wait);
    return waits;
  }

  /** Since it was last asked. */
  take(): Figures {
    const figures = (wait: Wait): WaitFigures => summary(this.taken[wait].splice(0));
    return { last: figures('last'), intent: figures('intent'), settle: figures('settle') };
  }

  private async wrap(wait: Wait): Promise<void> {
    const [file, name, method] = PLACES[wait];
    const url = new URL(`../../${file}`, import.meta.url).href;
    const { [name]: Class } = (await import(url)) as Readonly<Record<string, { readonly prototype: object }>>;
    const prototype = Class?.prototype as Record<string, Method> | undefined;
    const original = prototype?.[method];
    if (prototype === undefined || original === undefined)
      throw new Error(`${file} has no ${name}.${method}: the benchmark must learn where this wait happens.`);
    const taken = this.taken[wait];
    prototype[method] = async function (...values) {
      const begunAt = performance.now();
      try {
        return await original.apply(this, values);
      } finally {
        taken.push(performance.now() - begunAt);
      }
    };
  }
}

function summary(values: readonly number[]): WaitFigures {
  const sorted = [...values].sort((a, b) => a - b);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / Math.max(1, sorted.length);
  return { count: sorted.length, mean, p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0 };
}
