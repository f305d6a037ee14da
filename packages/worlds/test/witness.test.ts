import { expect, it } from '@jest/globals';
import type { CensusEntry } from '@soar-feed/soar-simulator';
import { Witness } from '../src/oracles/Witness.js';

const note = (id: number, text: string, incidentId = 1): CensusEntry => ({ type: 'note', id, incidentId, text });
const told = ({ findings }: Witness) => findings.map(({ check }) => check);

it('an object that is in the target twice is found, even if its twin goes again', () => {
  const witness = new Witness();
  witness.look([note(1, 'a')], [note(7, 'a', 2), note(8, 'a', 2)]);
  witness.look([note(1, 'a')], [note(7, 'a', 2)]);
  expect(told(witness)).toEqual(['twin']);
});

it('equal objects of the source, and equal texts in two incidents, are no twins', () => {
  const witness = new Witness();
  witness.look([note(1, 'a'), note(2, 'a')], [note(7, 'a', 2), note(8, 'a', 2)]);
  witness.look([note(1, 'a'), note(2, 'a')], [note(7, 'a', 2), note(9, 'a', 3)]);
  expect(told(witness)).toEqual([]);
});

it('an object that goes back to an older value is found', () => {
  const witness = new Witness();
  witness.look([note(1, 'a')], [note(7, 'a', 2)]);
  witness.look([note(1, 'b')], [note(7, 'b', 2)]);
  witness.look([note(1, 'b')], [note(7, 'a', 2)]);
  expect(told(witness)).toEqual(['order']);
});

it('one that skips values, or goes back as the source did, is not', () => {
  const witness = new Witness();
  for (const text of ['a', 'b', 'c', 'a']) witness.look([note(1, text)], []);
  for (const text of ['a', 'c', 'a']) witness.look([note(1, 'a')], [note(7, text, 2)]);
  expect(told(witness)).toEqual([]);
});

it('what the source says only for a moment counts as said, and as often as it was there', () => {
  const witness = new Witness();
  const incident = (id: number, text: string): CensusEntry => ({ type: 'incident', id, incidentId: id, text });
  witness.look([incident(1, 'a'), incident(2, 'b')], [incident(11, 'a'), incident(12, 'b')]);
  witness.lookAtSource([incident(1, 'b'), incident(2, 'b')]);
  witness.look([incident(1, 'a'), incident(2, 'b')], [incident(11, 'b'), incident(12, 'b')]);
  witness.look([incident(1, 'a'), incident(2, 'b')], [incident(11, 'a'), incident(12, 'b')]);
  expect(told(witness)).toEqual([]);
});
