import type { ConfigIssue, FeedTargetPackage, z } from '@soar-feed/core';
import { ConfigError } from '@soar-feed/core';
import { describeSection, feedsSection, readAppConfig, resilientSection } from '@soar-feed/core/runtime';
import { feedSchema, sectionText } from '../output/skeleton.js';
import { ConfigText } from './ConfigText.js';
import type { Insertion } from './ConfigText.js';
import { blocksOf, missingKeys } from './missingKeys.js';

export interface ConfigUpdate {
  readonly text: ConfigText;
  readonly insertions: readonly Insertion[];
  readonly added: readonly { readonly section: string; readonly key: string }[];
}

/**
 * What an app.config lacks: sections, and keys with their comments. Optional keys are added as comments with their
 * defaults, so that nothing works otherwise than before. `targetOf` gives the package of a feed's class, if it is there.
 * Throws `ConfigError` if the file cannot be read as one.
 */
export function planUpdate(
  source: string,
  file: string,
  targetOf: (className: string) => FeedTargetPackage | undefined,
): ConfigUpdate {
  const text = new ConfigText(source, file);
  const { config } = text;
  if (config.issues.length > 0) throw new ConfigError(config.issues, file);
  const insertions: Insertion[] = [];
  const added: { section: string; key: string }[] = [];
  for (const [name, schema] of schemasOf(text, targetOf)) {
    const keys = describeSection(schema);
    const blocks = blocksOf(sectionText(name, schema, {}), keys);
    const section = config.sections.get(name);
    const missing = section === undefined ? keys : missingKeys(keys, section, text.linesOf(section.line));
    const chosen = blocks.filter(({ key }) => missing.some((candidate) => candidate.key === key));
    if (chosen.length === 0) continue;
    const lines = chosen.flatMap((block) => block.lines);
    insertions.push(
      section === undefined
        ? { after: text.lastLine, lines: ['', `[${name}]`, ...lines] }
        : { after: text.placeIn(section.line), lines },
    );
    added.push(...chosen.map(({ key }) => ({ section: name, key })));
  }
  const update = { text, insertions, added };
  prove(update, file);
  return update;
}

function schemasOf(
  { config }: ConfigText,
  targetOf: (className: string) => FeedTargetPackage | undefined,
): readonly (readonly [string, z.ZodObject])[] {
  const feeds = (config.sections.get('feeds')?.values.get('feed_names')?.text ?? '')
    .split(',')
    .map((name) => name.trim())
    .flatMap((name) => {
      const className = config.sections.get(name)?.values.get('class')?.text;
      const target = className === undefined ? undefined : targetOf(className);
      return target === undefined ? [] : [[name, feedSchema(target)] as const];
    });
  return [['resilient', resilientSection], ['feeds', feedsSection], ...feeds];
}

/** Reads the result as the host would: each added key is in its section, and all others have the values they had. */
function prove({ text, insertions, added }: ConfigUpdate, file: string): void {
  const uncommented = insertions.map(({ after, lines }) => ({
    after,
    lines: lines.map((line) => line.replace(/^#([\w.-]+=)/, '$1')),
  }));
  const now = readAppConfig(text.with(uncommented), file).sections;
  const problems: ConfigIssue[] = [];
  for (const { section, key } of added)
    if (now.get(section)?.values.has(key) !== true) problems.push(misplaced(section, key));
  for (const [name, { values }] of text.config.sections)
    for (const [key, { text: value }] of values)
      if (now.get(name)?.values.get(key)?.text !== value) problems.push(misplaced(name, key));
  if (problems.length > 0) throw new ConfigError(problems, file);
}

function misplaced(section: string, key: string): ConfigIssue {
  return { section, key, problem: 'cannot be kept apart from what would be added; let headers start at column 1' };
}
