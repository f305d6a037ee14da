import { AsyncLocalStorage } from 'node:async_hooks';

/** One process of the product. All that it begins carries it, so that nothing of it goes on after its end. */
export interface Life {
  readonly name: string;
  /** What `process.pid` says in it. */
  readonly pid: number;
  /** How far the clock of its machine is ahead of the world's time, ms. */
  skewMs: number;
  /**
   * Its machine stands still until then, ms of the world: no timer fires, no byte arrives, and no transaction begins. What was under way
   * on the disk is finished.
   */
  wakesAtMs?: number;
  /** Killed, or over: its timers, answers and writes never come. */
  dead: boolean;
}

const living = new AsyncLocalStorage<Life | undefined>();

/** The life that the running code belongs to; `undefined`: the world around it. */
export const currentLife = (): Life | undefined => living.getStore();

export const runIn = <T>(life: Life | undefined, work: () => T): T => living.run(life, work);
