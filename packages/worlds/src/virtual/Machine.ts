import { Random } from '@soar-feed/soar-simulator';
import { DiskQueue } from './DiskQueue.js';
import type { Life } from './lives.js';
import { VirtualTime } from './VirtualTime.js';

/** When every world begins. */
const START_MS = Date.UTC(2026, 0, 5, 8, 0, 0);

/** Something that a process shows to the outside, or the outside to it: a process may die just before or just after. */
export type Effect = 'sent' | 'received' | 'commit' | 'file';

export interface DiskFault {
  readonly code: string;
  /** A commit is done nevertheless. */
  readonly done?: boolean;
}

/** Above those of real processes. */
const FIRST_PID = 10_000_000;

/** The one machine of a world: its time, its chance, its disk, and what the world wants to know of all that. */
export class Machine {
  readonly time = new VirtualTime(START_MS);
  readonly disk = new DiskQueue();
  readonly random: Random;
  /** Immediates that wait for the next turn of the loop. */
  readonly immediates = new Set<NodeJS.Immediate>();
  /** Processes that may be reading modules just now. */
  loading = 0;
  /** Errors that nobody caught. */
  readonly uncaught: unknown[] = [];
  /** Hears of each effect just before it, and just after it. It may end the life. */
  onEffect: (life: Life, effect: Effect, when: 'before' | 'after', what: string) => void = () => undefined;
  /** Hears of each request that a process sends, and of each answer that asks it to wait; see `Waits`. */
  onRequest: (life: Life, request: string) => void = () => undefined;
  onBusy: (life: Life, request: string, seconds: number) => void = () => undefined;
  /** Why a statement of the database fails instead of being done; `undefined`: it is done. */
  diskFault: (life: Life, sql: string) => DiskFault | undefined = () => undefined;
  private readonly lives: Life[] = [];
  /** How long the database takes for a statement, ms. */
  diskDelayMs = 0;

  constructor(seed: number) {
    this.random = new Random(seed * 31 + 7);
  }

  /** A new process. */
  begin(name: string, skewMs: number): Life {
    const life: Life = { name, pid: FIRST_PID + this.lives.length, skewMs, dead: false };
    this.lives.push(life);
    return life;
  }

  /** Whether there is a process with that pid. */
  isAlive(pid: number): boolean {
    return this.lives[pid - FIRST_PID]?.dead === false;
  }

  hex(bytes: number): string {
    return this.random.bytes(bytes).toString('hex');
  }
}

let current = new Machine(0);

export const machine = (): Machine => current;

export const useMachine = (next: Machine): void => void (current = next);
