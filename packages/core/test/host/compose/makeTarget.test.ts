import { describe, expect, it } from '@jest/globals';
import { recordingLogger } from '@soar-feed/feed-testkit';
import { Container, ContainerModule } from 'inversify';
import { z } from 'zod';
import { defineFeedTarget } from '../../../src/contract/FeedTargetPackage.js';
import { FeedTokens } from '../../../src/contract/tokens.js';

import { makeTarget } from '../../../src/host/compose/makeTarget.js';

type Callback = ConstructorParameters<typeof ContainerModule>[0];

/** What the host says when it makes the target of a package with such a module. */
function failureOf(callback: unknown): string {
  const module = new ContainerModule(callback as Callback);
  const definition = defineFeedTarget({ type: 'webhook', contract: 1, summary: 's', config: z.object({}), module });
  try {
    makeTarget(new Container(), { name: 'a', config: {}, log: recordingLogger() }, definition);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the module of a target', () => {
  const target = { capabilities: { deletes: 'apply', content: false } };

  it('gives a target', () => {
    expect(failureOf(({ bind }: Container) => void bind(FeedTokens.Target).toConstantValue(target as never))).toBe('');
  });

  it.each<[string, unknown]>([
    ['has no braces', ({ bind }: Container) => bind(FeedTokens.Target).toConstantValue(target as never)],
    ['is async', async ({ bind }: Container) => void bind(FeedTokens.Target).toConstantValue(target as never)],
  ])('is refused with the way out where its function %s', (_name, callback) => {
    expect(failureOf(callback)).toMatch(/^the module of webhook gives no target: .*with braces and without async$/);
  });

  it('is refused with the container’s words where it binds nothing', () => {
    expect(failureOf(() => undefined)).toMatch(/^the module of webhook gives no target: .*core:Target/s);
  });
});
