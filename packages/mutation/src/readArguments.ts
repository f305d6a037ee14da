import { parseArgs } from 'node:util';

export interface Arguments {
  /** All rooms if none is named. */
  readonly rooms: readonly string[];
  /** Restricts the rooms' files to those whose path below the room contains this. */
  readonly file: string | undefined;
  /** About how many lines of each room to try; absent: all. */
  readonly sample: number | undefined;
  readonly seed: number;
  /** How many processes test mutants at a time. */
  readonly workers: number;
  /** Folder for the results. */
  readonly out: string;
}

export const USAGE = `npm run mutation -- [options]
  --room NAME   such as core/lanes; may stand more than once (default: all)
  --file TEXT   only files whose path below the room has TEXT in it
  --sample N    about N lines of each room, chosen by the seed (default: all lines)
  --seed S      repeats a sample (default 1)
  --workers N   mutants at one time (default 1)
  --out FOLDER  where the results go, as JSON (default reports/mutation)
`;

/** Throws `TypeError` for arguments that it does not know. */
export function readArguments(argv: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      room: { type: 'string', multiple: true, default: [] },
      file: { type: 'string' },
      sample: { type: 'string' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: '1' },
      out: { type: 'string', default: 'reports/mutation' },
    },
  });
  return {
    rooms: values.room,
    file: values.file,
    sample: values.sample === undefined ? undefined : count('sample', values.sample),
    seed: count('seed', values.seed),
    workers: count('workers', values.workers),
    out: values.out,
  };
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new TypeError(`--${name} takes a number from 1, not "${text}".`);
  return value;
}
