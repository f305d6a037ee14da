/**
 * A target that refuses notes for good while the file `gate` exists, or cannot decide about them if the file says
 * `undecided`. Otherwise it appends `operation type id` to `out`. It adopts what has an id below 1,000.
 */
export function gatedFeed(type: string): string {
  return `
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { defineFeedTarget, FeedTokens, field, PermanentError, z } from '@soar-feed/core';
import { ContainerModule } from 'inversify';

class GatedFeed {
  capabilities = { deletes: 'apply', content: false };
  constructor(config) { this.config = config; }
  async open() {}
  async deliver(event) {
    if (event.key.type === 'note' && existsSync(this.config.gate)) throw new PermanentError('The gate is shut.', { code: readFileSync(this.config.gate, 'utf8') || 'gate-shut' });
    appendFileSync(this.config.out, event.operation + ' ' + event.key.type + ' ' + event.key.objectId + '\\n');
    return { status: 'delivered', change: 'created' };
  }
  async adopt({ key }, id) {
    if (id >= 1000) throw new PermanentError('There is no ' + id + '.', { code: 'adopt-refused' });
    appendFileSync(this.config.out, 'adopt ' + key.type + ' ' + key.objectId + ' as ' + id + '\\n');
  }
  async close() {}
}

export default defineFeedTarget({
  type: '${type}',
  contract: 1,
  summary: 'One line per event.',
  config: z.object({ out: field.path(), gate: field.path() }),
  module: new ContainerModule(({ bind }) => {
    bind(FeedTokens.Target).toResolvedValue((config) => new GatedFeed(config), [FeedTokens.Config]).inSingletonScope();
  }),
});
`;
}
