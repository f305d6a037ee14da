import { CONTRACT, defineFeedTarget, FeedTokens, field, z } from '@soar-feed/core';
import { ContainerModule } from 'inversify';
import { JsonLines } from './JsonLines.js';

/** The keys of a feed's section in app.config, spelled as operators write them. */
const config = z.object({
  file: field.path({ doc: 'The file that every change is appended to; its folder must exist.' }),
  max_line: field.bytes({ doc: 'Larger objects are refused; such an object is parked.' }).default(10 * 1024 * 1024),
});

export default defineFeedTarget({
  type: '__TYPE__',
  contract: CONTRACT,
  summary: 'Appends every change to a file, one JSON object per line.',
  config,
  module: new ContainerModule(({ bind }) => {
    bind(FeedTokens.Target)
      .toResolvedValue(({ file, max_line }) => new JsonLines({ file, maxLine: max_line }), [FeedTokens.Config])
      .inSingletonScope();
  }),
});
