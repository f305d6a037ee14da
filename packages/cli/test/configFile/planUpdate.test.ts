import { describe, expect, it } from '@jest/globals';
import { defineFeedTarget, field, z } from '@soar-feed/core';
import type { FeedTargetPackage } from '@soar-feed/core';
import {
  describeSection,
  feedEngineFields,
  feedsSection,
  readAppConfig,
  resilientSection,
} from '@soar-feed/core/runtime';
import { ContainerModule } from 'inversify';
import { planUpdate } from '../../src/configFile/planUpdate.js';

const shelf: FeedTargetPackage = defineFeedTarget({
  type: 'shelf',
  aliases: ['ShelfFeed'],
  contract: 1,
  summary: 'A shelf.',
  config: z.object({
    place: field.text({ doc: 'Where it stands.', alias: 'spot' }),
    pwd: field.secret({ doc: 'Its lock.' }).optional(),
    boards: field.integer({ doc: 'How many.' }).default(4),
  }),
  module: new ContainerModule(() => undefined),
});
const targetOf = (name: string): FeedTargetPackage | undefined =>
  ['shelf', 'ShelfFeed'].includes(name) ? shelf : undefined;

const IBM = `# Our feed
[resilient]
host=soar.example.com
  # deep in a value
org: Test Org
email=me@example.com
password=pässword\u2028with;odd#signs
#loglevel=INFO

; about the feeds
[feeds]
feed_names=my_shelf, gone
workspaces="A": ["my_shelf"],
   "B": ["gone"]

[my_shelf]
class=ShelfFeed
spot=cellar

# [fn_jira] is another program's
[fn_jira]
url = https://x
`;

const variants: readonly (readonly [string, string])[] = [
  ['as it is', IBM],
  ['with DOS line ends', IBM.replaceAll('\n', '\r\n')],
  ['with old Mac line ends', IBM.replaceAll('\n', '\r')],
  ['with mixed line ends', IBM.replaceAll('\n[', '\r\n[')],
  ['without a last line end', IBM.trimEnd()],
  ['with indented keys', IBM.replace('host=', '  host=').replace('org:', '  org:')],
  ['with a value that goes on over blank lines', IBM.replace('spot=cellar', 'spot=cellar\n\n   left\n\n\n   right')],
  ['without [feeds] at its end', IBM.slice(0, IBM.indexOf('; about'))],
  ['of nothing but a comment', '# nothing yet'],
];

describe('config update', () => {
  it.each(variants)('adds what is missing to a file %s, and keeps every byte of it', (_, text) => {
    const { text: source, insertions, added } = planUpdate(text, 'app.config', targetOf);
    const result = source.with(insertions);
    expect(added.length).toBeGreaterThan(40);
    // The lines that were there, in their order, byte for byte.
    let rest = result;
    for (const line of text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []) {
      const at = rest.indexOf(line);
      expect(at).toBeGreaterThanOrEqual(0);
      rest = rest.slice(at + line.length);
    }
    const wanted = /\r\n|\r|\n/.exec(text)?.[0] ?? '\n';
    const before = readAppConfig(text, 'app.config').sections;
    const after = readAppConfig(result, 'app.config');
    expect(after.issues).toEqual([]);
    for (const [name, { values }] of before)
      for (const [key, value] of values) expect(after.sections.get(name)?.values.get(key)?.text).toBe(value.text);
    if (wanted === '\r') expect(result).not.toContain('\n');
    if (wanted === '\r\n' && !/[^\r]\n/.test(text)) expect(result).not.toMatch(/[^\r]\n/);
    // A second time finds nothing.
    expect(planUpdate(result, 'app.config', targetOf).added).toEqual([]);
  });

  it('adds optional keys as comments with their sentence, in their own section, and a missing required key to fill in', () => {
    const { text, insertions } = planUpdate(IBM.replace('host=soar.example.com\n', ''), 'app.config', targetOf);
    const result = text.with(insertions);
    const shelfText = result.slice(result.indexOf('[my_shelf]'), result.indexOf('# [fn_jira]'));
    expect(shelfText).toContain('spot=cellar\n');
    expect(shelfText).toContain('# How many. Accepted: a whole number.\n#boards=4\n');
    expect(shelfText).toMatch(/#pwd=\n|#pwd=\$MY_SHELF_PWD\n/);
    expect(shelfText).not.toMatch(/place=/);
    expect(result).toMatch(/\nhost=\n[^]*\[feeds\]/);
    expect(result).not.toMatch(/\napi_key_id=/);
    expect(result.match(/loglevel=/g)).toHaveLength(1);
    expect(result.slice(result.indexOf('\n[fn_jira]'))).toBe('\n[fn_jira]\nurl = https://x\n');
  });

  it('names every key that there is, for an empty file', () => {
    const { added } = planUpdate('', 'app.config', targetOf);
    const keys = [...describeSection(resilientSection), ...describeSection(feedsSection)].map(({ key }) => key);
    expect(added.map(({ key }) => key)).toEqual(keys);
    expect(describeSection(z.object(feedEngineFields.shape)).length).toBeGreaterThan(3);
  });

  it('shows a diff of added lines, without the values that are there', () => {
    const { text, insertions } = planUpdate(IBM, 'app.config', targetOf);
    const diff = text.diff(insertions);
    expect(diff).toMatch(/^--- app\.config\n\+\+\+ app\.config\n@@ line \d+ @@\n/);
    expect(diff).toMatch(/^\+#port=443$/m);
    expect(diff).not.toMatch(/pässword|^-[^-]/m);
  });

  it('refuses a file with faults', () => {
    expect(() => planUpdate(`${IBM}[feeds]\n`, 'app.config', targetOf)).toThrow(/starts at line \d+ and again/);
    expect(() => planUpdate('[resilient]\nhost=x\n  [feeds]\nfeed_names=a\n', 'app.config', targetOf)).not.toThrow();
  });
});
