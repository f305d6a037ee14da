import { asBag } from '../org/bag.js';
import type { Bag } from '../org/bag.js';

/** The objects of a list in a body; whatever else stands there is left out. */
export function bagsOf(body: Bag, name: string): Bag[] {
  const value = body[name];
  const members = Array.isArray(value) ? value : Object.values(asBag(value));
  return members.map(asBag).filter((member) => Object.keys(member).length > 0);
}

export function textOf(bag: Bag, name: string): string {
  const value = bag[name];
  return typeof value === 'string' ? value : '';
}

export function namesOf(bag: Bag, name: string): string[] {
  const value = bag[name];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}
