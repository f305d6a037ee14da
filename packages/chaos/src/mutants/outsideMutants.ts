import type { Mutant } from './Mutant.js';

/** The rules learned from a second platform and from other people's reports, each broken. */
export const outsideMutants: readonly Mutant[] = [
  {
    name: "take a gateway's words for the platform's",
    file: 'soar-client/src/rest/failureOf.ts',
    find: 'if (words !== undefined) return refusal(request, answer, words);',
    replace: "return refusal(request, answer, words ?? { message: 'refused', hints: [] });",
    scenario: 'gateway-404',
  },
  {
    name: 'believe a gateway that nothing was done',
    file: 'soar-client/src/rest/notThePlatform.ts',
    find: "const outcomeUnknown = request.effect !== 'read';",
    replace: 'const outcomeUnknown = false;',
    // Code that takes the platform for away keeps the outcome unknown, too, so no run from outside can notice.
    test: 'soar-client/test/rest/gateway.long.test.ts',
  },
  {
    name: 'know an echo by how a server is spelled',
    file: 'resilient-feed/src/echo/Echoes.ts',
    find: 'return isSameMoment(origin.createdMs, there.createdAtMs);',
    replace: "return host === 'same';",
    test: 'resilient-feed/test/echoes.test.ts',
  },
  {
    name: 'take a version that went back for a late one',
    file: 'core/src/delivery/Gate.ts',
    find: 'const isOlder = contradicts && order === -1;',
    replace:
      'const isOlder = contradicts && order === -1; if (isOlder) { await this.ending.superseded(entry); return false; }',
    scenario: 'restored-source',
  },
  {
    name: 'let what hangs below a frame go with its note',
    file: 'core/src/delivery/Gate.ts',
    find: 'const above = await this.deletedAbove(entry.event);',
    replace:
      'const above = await this.deletedAbove(entry.event); if (above) { await this.ending.superseded(entry); return false; }',
    scenario: 'edit-below-a-frame',
  },
  {
    name: "look for a twin by our clock instead of the target's",
    file: 'resilient-feed/src/Clocks.ts',
    find: 'return server?.measured === true ? server.serverNow() : this.ours.now();',
    replace: 'return this.ours.now();',
    scenario: 'unanswered-create-by-another-clock',
  },
  {
    name: 'read numbers as doubles',
    file: 'soar-client/src/json/parseJson.ts',
    find: 'if (!MAY_HOLD_LARGE.test(text)) return asDoubles;',
    replace: 'if (text !== undefined) return asDoubles;',
    test: 'soar-client/test/json/json.test.ts',
  },
  {
    name: "open a database's file beside its connection",
    file: 'store/src/database/inspectSqliteFile.ts',
    find: 'if (info.size === 0) return false;',
    replace: "await (await open(file, 'r')).close(); if (info.size === 0) return false;",
    test: 'store/test/database/sqliteFile.long.test.ts',
  },
  {
    name: 'look for lost incidents only above what the mapping knows',
    file: 'resilient-feed/src/write/find/LostIncidents.ts',
    find: "loss === 'none' || (this.sawAll && !fresh)",
    replace: 'true',
    scenario: 'older-mapping',
  },
  {
    name: 'take a lease that another host holds',
    file: 'store/src/database/Lease.ts',
    find: 'if (row.host === null || nowMs - Number(row.heartbeat_at) >= EXPIRES_MS) return false;',
    replace: 'if (row.host === null || nowMs > 0) return false;',
    test: 'store/test/database/Lease.test.ts',
  },
  {
    name: 'go on after a standstill without a look at the lease',
    file: 'store/src/database/Lease.ts',
    find: 'if (!this.#isLost && msSince(this.#renewed) < DOUBTFUL_MS) return;',
    replace: 'if (!this.#isLost && msSince(this.#renewed) < 1e15) return;',
    test: 'store/test/database/Lease.test.ts',
  },
  {
    name: 'commit behind a lease that another host has taken over',
    file: 'store/src/database/Lease.ts',
    find: "const OURS = 'WHERE name = ? AND term = ? AND host IS NOT NULL';",
    replace: "const OURS = 'WHERE name = ? AND ? IS NOT NULL AND host IS NOT NULL';",
    test: 'store/test/database/Lease.test.ts',
  },
];
