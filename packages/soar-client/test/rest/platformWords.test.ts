import { describe, expect, it } from '@jest/globals';
import { platformWords } from '../../src/rest/platformWords.js';

describe('platformWords', () => {
  it.each([
    { success: false, title: null, message: 'gone', hints: [], error_code: 'generic' },
    { success: false, title: null, message: 'gone', hints: [] },
    { success: false, message: 'gone', error_code: 'generic' },
    { message: 'gone', hints: [], error_code: 'generic' },
    { success: false, title: 'gone', message: null, hints: null },
  ])('knows the platform by %j', (body) => {
    expect(platformWords(body)).toMatchObject({ message: 'gone' });
  });

  it.each([
    { status: 404, message: 'no healthy upstream' },
    { kind: 'Status', status: 'Failure', message: 'not found', code: 404 },
    { message: 'no Route matched with those values' },
    { title: 'Not Found', status: 404, detail: 'x' },
    { success: false, message: 'not found' },
    { success: false, errors: [], messages: [], result: null },
    { success: true, title: null, message: null, hints: [], error_code: null },
    { error_code: 404, message: 'x' },
    ['success', false],
    'gone',
    null,
    undefined,
  ])('does not take a stranger for it: %j', (body) => {
    expect(platformWords(body)).toBeUndefined();
  });

  it('keeps hints as text and cuts endless words', () => {
    const words = platformWords({ success: false, message: 'x'.repeat(5_000), hints: ['a', { b: 1 }], title: null });
    expect(words).toMatchObject({ hints: ['a', '{"b":1}'] });
    expect(words?.message).toHaveLength(1_003);
  });
});
