import type { Finding } from '../oracle/Finding.js';

export interface RunResult {
  /** `seed 17`, or a scenario's name. */
  readonly name: string;
  /** Empty: the promise held. */
  readonly findings: readonly Finding[];
  readonly durationMs: number;
  readonly operations: number;
  readonly messages: number;
  /** Processes of the host, and how many of them were killed. */
  readonly starts: number;
  readonly kills: number;
  /** Figures to show, whatever the verdict. */
  readonly notes?: readonly string[];
  /** The folder that was kept. */
  readonly folder?: string;
}
