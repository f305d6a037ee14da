/** What the suites need of a test runner. Jest, Vitest, Mocha and `node:test` (whose last hook is called `after`) have it. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>, timeoutMs?: number): unknown;
  beforeEach(body: () => Promise<void>): unknown;
  afterEach(body: () => Promise<void>): unknown;
  afterAll?(body: () => Promise<void>): unknown;
  after?(body: () => Promise<void>): unknown;
}

/** Whether the value has the functions of a test runner. */
export function isTestRunner(value: unknown): value is TestRunner {
  const parts = value as Readonly<Record<string, unknown>>;
  const has = (name: string): boolean => typeof parts[name] === 'function';
  return ['describe', 'it', 'beforeEach', 'afterEach'].every(has) && ['afterAll', 'after'].some(has);
}
