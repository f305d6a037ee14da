import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { types } from 'node:util';

/** Identifies a process, and distinguishes it from a later one with the same pid. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** The namespace of the pid, which distinguishes two containers with one host name; `''` if not on Linux. */
  readonly pidSpace: string;
  /** When it started, in the kernel's ticks since boot; `''` if not on Linux. */
  readonly started: string;
}

export function thisProcess(): ProcessIdentity {
  return { host: hostname(), pid: process.pid, pidSpace: pidSpace(), started: startedOf(process.pid) ?? '' };
}

export function isThisProcess(other: ProcessIdentity): boolean {
  const own = thisProcess();
  return (
    other.host === own.host && other.pid === own.pid && other.pidSpace === own.pidSpace && other.started === own.started
  );
}

/** Whether the process has certainly ended. For another host or container this cannot be determined: `false`. */
export function isGone(other: ProcessIdentity): boolean {
  const own = thisProcess();
  if (other.host !== own.host || other.pidSpace !== own.pidSpace) return false;
  if (!isAlive(other.pid)) return true;
  return other.started !== '' && startedOf(other.pid) !== other.started;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return types.isNativeError(error) && 'code' in error && error.code === 'EPERM';
  }
}

/** Fields 3 (state) and 22 (start time) of /proc/PID/stat; a zombie has ended, so it gives none. */
function startedOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may contain anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function pidSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
