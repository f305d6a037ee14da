// Unit, contract and socket tests: everything that needs no service beyond Node itself, and not long.
const swc = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    target: 'es2022',
    keepClassNames: true,
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

export const base = {
  testEnvironment: 'node',
  roots: ['<rootDir>/packages', '<rootDir>/examples'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/template/', '\\.(service|long)\\.test\\.ts$'],
  modulePathIgnorePatterns: ['/dist/'],
  maxWorkers: 2,
  // Real sockets and databases: slow on a busy machine is no finding.
  testTimeout: 30_000,
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  setupFiles: ['reflect-metadata'],
  moduleNameMapper: {
    '^@soar-feed/core/runtime$': '<rootDir>/packages/core/src/runtime.ts',
    '^@soar-feed/([^/]+)$': '<rootDir>/packages/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  collectCoverageFrom: ['packages/*/src/**/*.ts'],
  coverageProvider: 'v8',
};

export default { ...base, testMatch: ['**/test/**/*.test.ts'] };
