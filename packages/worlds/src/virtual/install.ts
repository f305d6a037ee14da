import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import promises from 'node:timers/promises';
import { replaceSurroundings } from '@soar-feed/soar-client';
import { currentLife, runIn } from './lives.js';
import { machine } from './Machine.js';
import { VirtualTimer } from './VirtualTime.js';

/** Node's own, for the loop that drives a world. */
export const realImmediate = globalThis.setImmediate;

const realClear = {
  timeout: globalThis.clearTimeout,
  interval: globalThis.clearInterval,
  immediate: globalThis.clearImmediate,
};
const RealDate = Date;

/** Where the steady clock begins, ms since the epoch. */
const STEADY_FROM_MS = 1_767_000_000_000.375;

let installed = false;

/**
 * Puts this process into virtual time, once and for good: timers, dates, chance and ids come from the machine of the world that runs.
 * The product takes them from its surroundings; for the libraries, what Node offers is replaced. Only the event loop stays real.
 */
export function installVirtualTime(): void {
  if (installed) return;
  installed = true;
  replaceSurroundings({
    now: nowMs,
    // From another moment, and no whole number: as it is in a process.
    steadyMs: () => machine().time.nowMs - STEADY_FROM_MS,
    startTimer(ms, then) {
      const timer = machine().time.after(ms, currentLife(), then);
      return () => void timer.close();
    },
    atEndOfTurn: (then) => void immediate(then),
    random: () => machine().random.next(),
    uuid,
    hex: (bytes) => machine().hex(bytes),
  });
  const set =
    (again: boolean) =>
    (then: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): VirtualTimer =>
      machine().time.after(ms, currentLife(), () => then(...args), again);
  const clear = (real: (timer: never) => void) => (timer: unknown) => {
    if (timer instanceof VirtualTimer) timer.close();
    else if (timer !== undefined && timer !== null) real(timer as never);
  };
  const patched = {
    setTimeout: set(false),
    setInterval: set(true),
    clearTimeout: clear(realClear.timeout),
    clearInterval: clear(realClear.interval),
    setImmediate: immediate,
    clearImmediate: withdraw,
  };
  Object.assign(globalThis, patched, { Date: virtualDate() });
  Object.assign(timers, {
    clearInterval: patched.clearInterval,
    clearTimeout: patched.clearTimeout,
    clearImmediate: withdraw,
  });
  Object.assign(promises, { setTimeout: sleep });
  Math.random = () => machine().random.next();
  Object.defineProperty(performance, 'now', { value: () => machine().time.nowMs, configurable: true });
  Object.assign(crypto, { randomUUID: uuid, randomBytes: (size: number) => machine().random.bytes(size) });
  const { pid } = process;
  Object.defineProperty(process, 'pid', { get: () => currentLife()?.pid ?? pid, configurable: true });
  process.kill = (other: number): true => {
    if (machine().isAlive(other)) return true;
    throw Object.assign(new Error(`no process ${other}`), { code: 'ESRCH' });
  };
  syncBuiltinESMExports();
  process.on('unhandledRejection', (error) => void machine().uncaught.push(error));
  process.on('uncaughtException', (error) => void machine().uncaught.push(error));
}

function immediate(then: (...args: unknown[]) => void, ...args: unknown[]): NodeJS.Immediate {
  const own = machine();
  const life = currentLife();
  const begun = realImmediate(() => {
    own.immediates.delete(begun);
    if (life?.dead !== true) runIn(life, () => then(...args));
  });
  own.immediates.add(begun);
  return begun;
}

function withdraw(begun: NodeJS.Immediate | undefined): void {
  if (begun === undefined) return;
  machine().immediates.delete(begun);
  realClear.immediate(begun);
}

function sleep<T>(ms = 0, value?: T, options: { readonly signal?: AbortSignal } = {}): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = machine().time.after(ms, currentLife(), () => resolve(value));
    options.signal?.addEventListener('abort', () => {
      timer.close();
      reject(options.signal?.reason as Error);
    });
  });
}

function virtualDate(): typeof Date {
  return class extends RealDate {
    constructor(...parts: unknown[]) {
      super(...((parts.length === 0 ? [nowMs()] : parts) as [number]));
    }

    static override now(): number {
      return nowMs();
    }
  } as unknown as typeof Date;
}

function nowMs(): number {
  return machine().time.nowMs + (currentLife()?.skewMs ?? 0);
}

function uuid(): string {
  const hex = machine().hex(16);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}
