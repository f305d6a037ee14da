import type { ParkState } from '../contract/FeedStore.js';

/** Whether a row in this state comes back by itself. One that was given up waits for a person, so its age says nothing about the feed. */
export function comesBack(state: ParkState): boolean {
  return state === 'waiting' || state === 'deferred' || state === 'resync';
}
