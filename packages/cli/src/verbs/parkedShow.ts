import { writeJson } from '@soar-feed/core';
import type { ParkedSelection } from '@soar-feed/core/runtime';
import type { GlobalArgs } from '../globalOptions.js';
import { exitCodes } from '../exitCodes.js';
import { stateConfigOf, withState } from '../openState.js';
import { timeText } from '../output/timeText.js';
import { whyText } from '../output/parkedGroups.js';
import { UsageError } from '../UsageError.js';
import type { WholeRow } from '../wholeRows.js';
import { wholeRows } from '../wholeRows.js';

export interface ShowArgs extends GlobalArgs {
  readonly row: string;
  readonly feed?: string | undefined;
  readonly json: boolean;
}

export async function parkedShow(args: ShowArgs, selection: ParkedSelection): Promise<number> {
  const found = await withState(stateConfigOf(args), { readOnly: true }, async (store) => {
    const rows: WholeRow[] = [];
    for await (const row of wholeRows(store, selection)) if (row.row === args.row) rows.push(row);
    return rows;
  });
  const [row, other] = found;
  if (row === undefined) {
    process.stderr.write(`Nothing is parked under the name ${args.row}; "soar-feed parked list" shows names.\n`);
    return exitCodes.nothingDone.code;
  }
  if (other !== undefined) {
    const feeds = found.flatMap((one) => ('feed' in one ? one.feed : []));
    throw new UsageError(`${args.row} is parked in several feeds; add --feed ${feeds.join(' or --feed ')}.`);
  }
  process.stdout.write(args.json ? `${writeJson(row, 2)}\n` : textOf(row));
  return exitCodes.done.code;
}

function textOf(row: WholeRow): string {
  const facts: readonly (readonly [string, string])[] =
    'message' in row
      ? [
          ['Message', row.row],
          ['Queue', row.message.queue],
          ['Parked', timeText(row.parkedAtMs)],
          ['Problem', `${row.problem} [${row.code}]`],
        ]
      : [
          ['Row', `${row.row} of ${row.feed}`],
          ['Event', `${row.eventId ?? '-'} (${row.operation}, seen ${timeText(row.observedAtMs)})`],
          ['Workspace', row.workspace],
          ['Parked', timeText(row.parkedAtMs)],
          ['Why', `${row.why.state}: ${whyText(row.why)}${row.why.state === 'failed' ? ` [${row.why.code}]` : ''}`],
        ];
  const lines = facts.map(([name, value]) => `${`${name}:`.padEnd(11)}${value}\n`);
  return `${lines.join('')}\n${contentOf(row)}\n`;
}

function contentOf(row: WholeRow): string {
  if ('message' in row) return row.message.body;
  if (row.payload === undefined) return 'Its content is not stored: it is read from the source at its turn.';
  return writeJson(row.payload, 2);
}
