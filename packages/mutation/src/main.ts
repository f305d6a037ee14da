/**
 * Tests the tests: puts small faults into the rooms where a fault loses, doubles or deletes data, one by one, and
 * checks whether a test notices. Exits 0 when at least 90 % of them were noticed in each room, 1 otherwise.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments, USAGE } from './readArguments.js';
import { reportText, scoreOf } from './report.js';
import type { RoomResult } from './RoomResult.js';
import { roomsNamed } from './rooms.js';
import { runRoom } from './runRoom.js';

const GOAL_PERCENT = 90;

async function run(argv: readonly string[]): Promise<boolean> {
  const args = readArguments(argv);
  const results: RoomResult[] = [];
  for (const [name, room] of roomsNamed(args.rooms)) {
    const result = await runRoom(name, room, args);
    mkdirSync(args.out, { recursive: true });
    writeFileSync(join(args.out, `${name.replace('/', '-')}.json`), `${JSON.stringify(result, null, 1)}\n`);
    results.push(result);
    process.stdout.write(reportText([result]));
  }

  return results.every(({ faults }) => scoreOf(faults).percent >= GOAL_PERCENT);
}

try {
  process.exitCode = (await run(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  const text = error instanceof TypeError ? `${error.message}\n${USAGE}` : `${(error as Error).stack}\n`;
  process.stderr.write(text);
  process.exitCode = 2;
}
