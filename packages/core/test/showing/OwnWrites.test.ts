import { describe, expect, it } from '@jest/globals';
import { OwnWrites } from '../../src/showing/OwnWrites.js';

const STATE = 'soar_feed_mirror_state';

const VALUES = new Map([[STATE, 'Up to date']]);

function incident(vers: number, more: { readonly name?: string; readonly state?: string } = {}) {
  const { name = 'One', state } = more;
  return { id: 7, name, vers, inc_last_modified_date: vers * 10, properties: { cost: 5, [STATE]: state ?? null } };
}

function written(upon = 4): OwnWrites {
  const own = new OwnWrites();
  expect(own.isEcho(incident(4))).toBe(false);
  own.expect(incident(upon), VALUES);
  return own;
}

describe('the message about a write of our own', () => {
  it('is the next version, with what we wrote and otherwise as before', () => {
    expect(written().isEcho(incident(5, { state: 'Up to date' }))).toBe(true);
  });

  it.each([
    ['something else changed with it', written(), incident(5, { state: 'Up to date', name: 'Two' })],
    ['somebody changed our field', written(), incident(5, { state: 'Nonsense' })],
    ['a version lies between', written(), incident(6, { state: 'Up to date' })],
    ['we wrote upon another version', written(3), incident(5, { state: 'Up to date' })],
    ['nothing was written', new OwnWrites(), incident(5, { state: 'Up to date' })],
    ['it has no version', written(), { ...incident(5, { state: 'Up to date' }), vers: null }],
  ])('is none where %s', (_, own, message) => {
    expect(own.isEcho(message)).toBe(false);
  });

  it('is known where no message has shown the version before, as it was read for the write', () => {
    const own = new OwnWrites();
    own.expect({ ...incident(4), perms: { write: true } }, VALUES);
    expect(own.isEcho({ ...incident(5, { state: 'Up to date' }), perms: null })).toBe(true);
    const other = new OwnWrites();
    other.expect(incident(4), VALUES);
    expect(other.isEcho(incident(5, { state: 'Up to date', name: 'Two' }))).toBe(false);
  });

  it('is none when a change came back to an older state, whatever the order of the messages', () => {
    const own = written();
    expect(own.isEcho(incident(5, { state: 'Up to date' }))).toBe(true);
    expect(own.isEcho(incident(6, { state: 'Up to date', name: 'Two' }))).toBe(false);
    expect(own.isEcho(incident(4))).toBe(false);
    expect(own.isEcho(incident(7, { state: 'Up to date' }))).toBe(false);
    // It comes again: the same answer as to any old message.
    expect(own.isEcho(incident(5, { state: 'Up to date' }))).toBe(false);
  });
});
