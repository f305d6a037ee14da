/** The names that docs, help and messages use, and which of them do not exist. */
import { COMMANDS } from '../../src/commands/all.js';

export const VERBS: readonly string[] = COMMANDS.flatMap(({ names }) => names);
export const GROUPS: ReadonlyMap<string, readonly string[]> = new Map(
  COMMANDS.filter(({ verbs }) => verbs.length > 0).map(({ names: [name = ''], verbs }) => [
    name,
    verbs.flatMap(({ names }) => names),
  ]),
);

/** By command, as `parked list`. */
export type Options = ReadonlyMap<string, readonly string[]>;

/** Every match's groups, each once. */
export function matches(pattern: RegExp, texts: readonly string[]): readonly (readonly string[])[] {
  const found = texts.flatMap((text) =>
    [...text.matchAll(pattern)].map((match) => match.slice(1).map((one) => one ?? '')),
  );
  return [...new Map(found.map((groups) => [groups.join('\0'), groups])).values()];
}

/** What a person is told to type: in quotes, in backticks, or on a line of its own. */
export function typedIn(pages: readonly string[], sources: readonly string[]): readonly string[] {
  const blocks = pages.flatMap((page) => page.split('```').filter((_, at) => at % 2 === 1));
  return [
    ...matches(/[`"](?:npx )?(?:soar-feed|\$0) ([a-z][^`"\n]*)[`"]/g, [...pages, ...sources]),
    ...matches(/^\s*(?:npx )?soar-feed ([a-z][^\n#]*)/gm, blocks),
    ...matches(/'\$0 ([a-z][^']*)'/g, sources),
  ].map(([line = '']) => line);
}

export function strayCommands(
  pages: readonly string[],
  sources: readonly string[],
  options: Options,
): readonly string[] {
  return typedIn(pages, sources).filter((line) => {
    const [verb = '', inner = ''] = line.trim().split(/\s+/);
    if (!VERBS.includes(verb)) return true;
    const known = GROUPS.get(verb);
    if (known !== undefined && /^[a-z]/.test(inner) && !known.includes(inner)) return true;
    const flags = options.get(known === undefined || inner === '' || inner === '…' ? verb : `${verb} ${inner}`) ?? [];
    const [alone = ''] = line.split(/ \| | && /);
    return matches(/(?:^|\s)(--?[a-z][a-z-]*)/g, [alone]).some(([flag = '']) => !flags.includes(flag));
  });
}

export function strayFlags(texts: readonly string[], options: Options): readonly string[] {
  const every = ['--help', '--version', ...[...options.values()].flat()];
  const named = matches(/[`" ](--[a-z][a-z-]+)/g, texts).map(([flag = '']) => flag);
  return atLeast(8, named).filter((flag) => !every.includes(flag));
}

export function strayKeys(
  pages: readonly string[],
  sources: readonly string[],
  keys: ReadonlySet<string>,
): readonly string[] {
  const named = [
    ...matches(/\[(?:resilient|feeds)\] ([a-z]+(?:_[a-z]+)+)\b/g, [...pages, ...sources]),
    ...matches(/`\[(?:resilient|feeds)\] ([a-z_]+)`/g, [...pages, ...sources]),
    ...matches(/`([a-z]+(?:_[a-z]+)+)=[^`]*`/g, pages),
  ].map(([key = '']) => key);
  return [...new Set(atLeast(10, named))].filter((key) => !keys.has(key));
}

/** `known`: metrics, and other names that begin as they do. */
export function strayMetrics(docs: readonly string[], known: ReadonlySet<string>): readonly string[] {
  const named = matches(/\b(soar_feed_[a-z_]*[a-z])(?:\b|\{)/g, docs).map(([name = '']) => name);
  return atLeast(5, named).filter((name) => !known.has(name));
}

/** The events in the table that no source logs. */
export function strayEvents(operate: string, sources: string): readonly string[] {
  const table = operate.split('| `event`')[1]?.split('## ')[0] ?? '';
  const cells = matches(/^\| (`[^|]*)\|/gm, [table]).map(([cell = '']) => cell);
  const named = matches(/`([a-z]+\.[a-z-]+)`/g, cells).map(([name = '']) => name);
  return atLeast(20, named).filter((name) => !sources.includes(`'${name}'`));
}

/** Fails if a pattern matches too little: one that no longer matches would find nothing wrong. */
function atLeast(count: number, named: readonly string[]): readonly string[] {
  if (named.length <= count) throw new Error(`only ${named.length} names were found: ${named.join(', ')}`);
  return named;
}
