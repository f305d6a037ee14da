// Tests against real services (ActiveMQ, PostgreSQL). `.ci/run` installs them and sets REQUIRE_SERVICES=1, so that a
// missing service fails there instead of being skipped.
import { base } from './jest.config.mjs';

export default {
  ...base,
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  testMatch: ['**/test/**/*.service.test.ts'],
  maxWorkers: 1,
  testTimeout: 180_000,
};
