// Tests against real services (ActiveMQ, PostgreSQL), and those that need none but long (`*.long.test.ts`): `npm test`
// stays short without them. `.ci/run` installs the services and sets REQUIRE_SERVICES=1, so that a missing one fails
// there instead of being skipped.
import { base } from './jest.config.mjs';

export default {
  ...base,
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/template/'],
  testMatch: ['**/test/**/*.service.test.ts', '**/test/**/*.long.test.ts'],
  // Most of these wait for servers and for time-outs, and every suite has ports and folders of its own.
  maxWorkers: 3,
  // In one process: a socket that a failed test left open must not keep the run from ending.
  forceExit: true,
  testTimeout: 180_000,
};
