import { expect, it } from '../../runner/jestLike.js';
import type { StoreSubject } from '../StoreSubject.js';

export function checkpointScenarios(subject: StoreSubject): void {
  it('keeps a checkpoint per name, the last written, until it is cleared', async () => {
    const { checkpoints } = subject.store;
    const at = { incidentId: 9, startedAtMs: 5, finishedAtMs: 8, detail: { feed: 'a\u0000\ud800', ids: [1, null] } };
    expect(await checkpoints.read('reload')).toBeUndefined();
    await checkpoints.write('reload', { incidentId: 8, startedAtMs: 5 });
    await checkpoints.write('reload', at);
    await checkpoints.write('reload:feed', { incidentId: 1, startedAtMs: 6 });
    expect(await checkpoints.read('reload')).toEqual(at);
    await checkpoints.clear('reload');
    await checkpoints.clear('never');
    expect(await checkpoints.read('reload')).toBeUndefined();
    expect(await checkpoints.read('reload:feed')).toEqual({ incidentId: 1, startedAtMs: 6 });
  });
}
