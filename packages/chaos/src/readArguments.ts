import { parseArgs } from 'node:util';

export interface Arguments {
  readonly from: number;
  readonly seeds: number;
  /** Operations of the workload; absent: the seed decides. */
  readonly operations?: number;
  /** Ends the run after this time, once the current seed is done. */
  readonly minutes?: number;
  /** Runs a soak of this many minutes instead of seeds. */
  readonly soakMinutes?: number;
  /** How long everything may take to come to rest, s. */
  readonly patience: number;
  /** Several feeds of different kinds at once. */
  readonly fanOut: boolean;
  readonly json: boolean;
  readonly keep: boolean;
  /** Names of directed scenarios to run instead of seeds. */
  readonly scenarios: readonly string[];
}

export const USAGE = `npm run chaos -- [options]
  --seeds N        how many seeds to run (default 1)
  --from S         the first of them (default 1)
  --seed S         only this one
  --operations K   operations of each workload (default: 120 to 200, as the seed says)
  --minutes M      as many seeds as fit, instead of --seeds
  --soak MINUTES   steady work at a constant size instead of seeds, with a verdict on memory; "--soak" alone: 30
  --scenario NAME  a directed scenario instead of seeds; may be repeated; "all" for each of them
  --fan-out        feed files and an SQL database, too, not only the target organization
  --patience S     seconds that everything may take to come to its end, faults off (default 120)
  --keep           keep the folder of what failed
  --json           one line of JSON per run
`;

/** Throws `TypeError` for arguments that it does not understand. */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: withSoakMinutes(args),
    options: {
      seeds: { type: 'string' },
      from: { type: 'string' },
      seed: { type: 'string' },
      operations: { type: 'string' },
      minutes: { type: 'string' },
      soak: { type: 'string' },
      patience: { type: 'string' },
      scenario: { type: 'string', multiple: true },
      keep: { type: 'boolean' },
      json: { type: 'boolean' },
      'fan-out': { type: 'boolean' },
    },
  });
  const number = (
    name: 'seeds' | 'from' | 'seed' | 'operations' | 'minutes' | 'patience' | 'soak',
  ): number | undefined => {
    const text = values[name];
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1)
      throw new TypeError(`--${name} is "${text}"; a whole number from 1 on is accepted.`);
    return value;
  };
  const [one, minutes, operations] = [number('seed'), number('minutes'), number('operations')];
  const soakMinutes = number('soak');
  return {
    from: one ?? number('from') ?? 1,
    seeds: one !== undefined ? 1 : minutes !== undefined ? Infinity : (number('seeds') ?? 1),
    ...(operations === undefined ? {} : { operations }),
    ...(minutes === undefined ? {} : { minutes }),
    ...(soakMinutes === undefined ? {} : { soakMinutes }),
    // Generous: a slow machine is not a finding; a run that never comes to rest is.
    patience: number('patience') ?? 120,
    json: values.json ?? false,
    fanOut: values['fan-out'] ?? false,
    keep: values.keep ?? false,
    scenarios: values.scenario ?? [],
  };
}

/** `--soak` may stand without a number: 30 minutes. */
function withSoakMinutes(args: readonly string[]): string[] {
  return args.flatMap((arg, at) => (arg === '--soak' && !/^[^-]/.test(args[at + 1] ?? '') ? [arg, '30'] : [arg]));
}
