import { parseArgs } from 'node:util';
import { kinds } from './worlds/kinds.js';

export interface Arguments {
  readonly from: number;
  readonly count: number;
  /** Only this one. */
  readonly seed?: number;
  /** Only seeds whose stories are of one of these kinds. */
  readonly kinds: readonly string[];
  readonly workers: number;
  /** Ends with the first world that fails. */
  readonly untilFailure: boolean;
  readonly shrink: boolean;
  readonly json: boolean;
  readonly coverage: boolean;
  /** Two small stories, killed at each of their effects, in place of seeds. */
  readonly points: boolean;
}

export const USAGE = `npm run worlds -- [options]
  --count N        how many worlds (default 100)
  --from S         the first seed (default 1)
  --seed S         only this one
  --kind KIND      only worlds of this kind; may be given several times (not with --seed)
  --workers K      processes at a time (default 2)
  --until-failure  end with the first world that fails
  --no-shrink      do not look for the smallest story of a world that failed
  --points         in place of seeds: two small stories, killed at each of their effects
  --coverage       say how often rare states were met
  --json           one line of JSON per world
`;

/** Throws `TypeError` for arguments that it does not understand. */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      count: { type: 'string', default: '100' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      kind: { type: 'string', multiple: true, default: [] },
      workers: { type: 'string', default: '2' },
      'until-failure': { type: 'boolean', default: false },
      'no-shrink': { type: 'boolean', default: false },
      coverage: { type: 'boolean', default: false },
      points: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    count: whole('count', values.count),
    from: whole('from', values.from),
    kinds: values.kind.map(known),
    workers: whole('workers', values.workers),
    ...(values.seed === undefined ? {} : { seed: whole('seed', values.seed) }),
    untilFailure: values['until-failure'],
    shrink: !values['no-shrink'],
    json: values.json,
    coverage: values.coverage,
    points: values.points,
  };
}

function known(kind: string): string {
  const all = Object.keys(kinds);
  if (!all.includes(kind)) throw new TypeError(`--kind must be one of ${all.join(', ')}, not ${JSON.stringify(kind)}`);
  return kind;
}

function whole(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new TypeError(`--${name} must be a whole number, not ${JSON.stringify(text)}`);
  return Number(text);
}
