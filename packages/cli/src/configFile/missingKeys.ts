import type { AppConfigSection, KeyDescription } from '@soar-feed/core/runtime';

/** A key with its comment, as the skeleton has it. */
export interface KeyBlock {
  readonly key: string;
  readonly lines: readonly string[];
}

/** Cuts the text of a section, as `sectionText` makes it, into its keys. */
export function blocksOf(text: string, keys: readonly KeyDescription[]): readonly KeyBlock[] {
  const blocks: KeyBlock[] = [];
  let lines: string[] = [];
  for (const line of text.split('\n').slice(1)) {
    if (line === '') continue;
    lines.push(line);
    const key = /^#?([\w.-]+)=/.exec(line)?.[1];
    const known = keys.find((candidate) => candidate.key === key);
    if (known === undefined) continue;
    blocks.push({ key: known.key, lines: known.required ? lines : [...lines.slice(0, -1), commented(line)] });
    lines = [];
  }
  return blocks;
}

/** Nothing that works without a key may change because it is added. */
function commented(line: string): string {
  return line.startsWith('#') ? line : `#${line}`;
}

/** The keys that a section has neither as a value nor as a comment `#key=`, by name or alias. */
export function missingKeys(
  keys: readonly KeyDescription[],
  section: AppConfigSection,
  lines: readonly string[],
): readonly KeyDescription[] {
  const inComments = new Set(
    lines.flatMap((line) => /^\s*[#;]\s*([\w.-]+)\s*[=:]/.exec(line)?.[1]?.toLowerCase() ?? []),
  );
  const isThere = (name: string): boolean => section.values.has(name) || inComments.has(name);
  return keys.filter(({ key, aliases }) => ![key, ...aliases].some(isThere));
}
