import type { FeedTargetPackage, z } from '@soar-feed/core';
import { describeSection, feedEngineFields, feedsSection, resilientSection } from '@soar-feed/core/runtime';
import type { KeyDescription } from '@soar-feed/core/runtime';

/** Tables of every key as markdown: the sections of core, then one per target. */
export function keyTables(targets: readonly FeedTargetPackage[]): string {
  const ofTargets = [...targets]
    .sort((a, b) => (a.type < b.type ? -1 : 1))
    .map((target) =>
      chapter(`A feed of \`class=${target.type}\``, `${target.summary}${alsoCalled(target)}`, target.config),
    );
  return [
    chapter('`[resilient]`', 'The source: which organization, how to reach it, and as whom.', resilientSection),
    chapter('`[feeds]`', 'Which feeds run, and what they share.', feedsSection),
    chapter(
      'Every feed',
      'Each name in `feed_names` is a section; these keys are allowed in every one.',
      feedEngineFields,
    ),
    ...ofTargets,
  ].join('\n');
}

function alsoCalled({ aliases = [] }: FeedTargetPackage): string {
  return aliases.length === 0 ? '' : ` Also called ${aliases.map((alias) => `\`${alias}\``).join(', ')}.`;
}

function chapter(title: string, introduction: string, schema: z.ZodObject): string {
  const rows = describeSection(schema).map((row) => `| ${cellsOf(row).map(cell).join(' | ')} |\n`);
  return `### ${title}\n\n${introduction}\n\n| Key | Default | Accepted | Meaning |\n| --- | --- | --- | --- |\n${rows.join('')}`;
}

function cellsOf({ key, aliases, required, defaultText, accepts, doc }: KeyDescription): readonly string[] {
  const names = [key, ...aliases].map((name) => `\`${name}\``).join(', also ');
  const byDefault = required
    ? '**required**'
    : defaultText === undefined
      ? ''
      : defaultText === ''
        ? 'empty'
        : `\`${defaultText}\``;
  return [names, byDefault, accepts, doc];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}
