import { describe, expect, it } from '@jest/globals';
import { Exchangeable } from '../../src/host/compose/Exchangeable.js';

interface Thing {
  readonly name: string;
  greet(): string;
  flush?(): string;
}

class Named implements Thing {
  readonly #secret: string;
  constructor(readonly name: string) {
    this.#secret = name;
  }
  greet(): string {
    return `I am ${this.#secret}`;
  }
}

describe('Exchangeable', () => {
  it('always talks to the one put in last, also through a method taken out before its call', () => {
    const it = new Exchangeable<Thing>(new Named('one'));
    const { face } = it;
    expect([face.name, face.greet(), face.flush, 'flush' in face]).toEqual(['one', 'I am one', undefined, false]);
    const old = face.greet.bind(face);
    it.put({ ...{ name: 'two', greet: () => 'two' }, flush: () => 'flushed' });
    expect([face.name, face.greet(), face.flush?.(), 'flush' in face]).toEqual(['two', 'two', 'flushed', true]);
    // What has begun ends where it began.
    expect(old()).toBe('I am one');
  });
});
