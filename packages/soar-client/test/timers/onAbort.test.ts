import { spawnSync } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { onAbort } from '@soar-feed/soar-client';

describe('onAbort', () => {
  it('calls once when the signal aborts, unless nobody listens any more', () => {
    const controller = new AbortController();
    const called: string[] = [];
    onAbort(controller.signal, () => called.push('stays'));
    onAbort(controller.signal, () => called.push('leaves'))();
    onAbort(undefined, () => called.push('never'))();
    controller.abort();
    controller.abort();
    expect(called).toEqual(['stays']);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('lets a hundred wait on one signal, of which Node says nothing', () => {
    const said = (listen: string): string => {
      const script = `import { onAbort } from '@soar-feed/soar-client';
        const { signal } = new AbortController();
        for (let count = 0; count < 100; count += 1) ${listen};`;
      return spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }).stderr;
    };
    expect(said("signal.addEventListener('abort', () => count)")).toContain('MaxListenersExceededWarning');
    expect(said('onAbort(signal, () => count)')).toBe('');
  });
});
