import { describe, expect, it } from '@jest/globals';
import { aDelete, anIncident, aTask } from '@soar-feed/feed-testkit';
import type { Feed } from '../../src/delivery/Feed.js';
import type { FeedEvent } from '../../src/contract/FeedEvent.js';
import type { Workspaces } from '../../src/config/parseWorkspaces.js';
import { FeedRouter } from '../../src/routing/FeedRouter.js';
import { makeFeed, ScriptedTarget } from '../delivery/feedBench.js';

const feeds = ['one', 'one_2', 'two'].map((name): Feed =>
  Object.defineProperty(makeFeed(new ScriptedTarget()).feed, 'name', { value: name }),
);
const routed = (event: FeedEvent, routes?: Workspaces) =>
  new FeedRouter(feeds, routes).feedsFor(event).map(({ name }) => name);
const routes = new Map([
  ['Default workspace', ['one', 'two']],
  ['Legal', ['one_2']],
  ['Nobody', []],
]);

describe('FeedRouter', () => {
  it('gives everything to every feed where no workspaces are set', () => {
    expect(routed(anIncident({ workspace: 'Whatever' }))).toEqual(['one', 'one_2', 'two']);
  });

  it('gives an incident and its objects to the feeds of its workspace, by their whole names', () => {
    expect(routed(anIncident(), routes)).toEqual(['one', 'two']);
    expect(routed(aTask({ workspace: 'Legal' }), routes)).toEqual(['one_2']);
    expect(routed(aTask({ workspace: 'Nobody' }), routes)).toEqual([]);
  });

  it('gives nothing of a workspace that is not listed, or written otherwise', () => {
    expect(routed(anIncident({ workspace: 'Red Team' }), routes)).toEqual([]);
    expect(routed(anIncident({ workspace: 'legal' }), routes)).toEqual([]);
    expect(routed(anIncident({ workspace: '' }), routes)).toEqual([]);
  });

  it('gives a delete to the feeds of its workspace, and to all where that cannot be known', () => {
    expect(routed(aDelete(anIncident({ workspace: 'Legal' })), routes)).toEqual(['one_2']);
    expect(routed(aDelete(anIncident({ workspace: '' })), routes)).toEqual(['one', 'one_2', 'two']);
  });
});
