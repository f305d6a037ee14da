import type { Fault, RoomResult } from './RoomResult.js';

const NOTICED = ['Killed', 'Timeout'];
const UNNOTICED = ['Survived', 'NoCoverage'];

export interface Score {
  readonly noticed: number;
  readonly unnoticed: number;
  /** 0 to 100; 100 where there was nothing to notice. */
  readonly percent: number;
}

export function scoreOf(faults: readonly Fault[]): Score {
  const noticed = faults.filter(({ status }) => NOTICED.includes(status)).length;
  const unnoticed = unnoticedOf(faults).length;
  const all = noticed + unnoticed;
  return { noticed, unnoticed, percent: all === 0 ? 100 : (100 * noticed) / all };
}

function unnoticedOf(faults: readonly Fault[]): readonly Fault[] {
  return faults.filter(({ status }) => UNNOTICED.includes(status));
}

/** Every fault that no test noticed, then a line per room. */
export function reportText(results: readonly RoomResult[]): string {
  const faults = results.flatMap(({ faults }) => unnoticedOf(faults));
  const list = faults.map(
    ({ file, line, kind, becomes, status }) => `${file}:${line}  ${status}  ${kind}: ${oneLine(becomes)}`,
  );
  const table = results.map(({ room, sample, seed, faults }) => {
    const { noticed, unnoticed, percent } = scoreOf(faults);
    const how = sample === undefined ? 'all lines' : `about ${sample} lines, seed ${seed}`;
    return `${room.padEnd(24)} ${percent.toFixed(1).padStart(5)} %  ${noticed} of ${noticed + unnoticed} noticed  (${how})`;
  });
  return `${[...list, '', ...table].join('\n')}\n`;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
}
