import type { ConfigIssue } from '../contract/errors.js';
import { shownNames } from '../contract/shownFields.js';

interface Section {
  readonly name: string;
  readonly engine: { readonly showInSource: boolean };
}

/** The feeds that show themselves in the source, in the order of `feed_names`. */
export function shownFeeds({ sections }: { readonly sections: ReadonlyMap<string, Section> }): readonly string[] {
  return [...sections.values()].filter(({ engine }) => engine.showInSource).map(({ name }) => name);
}

/** Two names of feeds may become the same names of fields. */
export function sharedShownFields(sections: ReadonlyMap<string, Section>): readonly ConfigIssue[] {
  const first = new Map<string, string>();
  return shownFeeds({ sections }).flatMap((name): readonly ConfigIssue[] => {
    const { state } = shownNames(name);
    const other = first.get(state);
    first.set(state, other ?? name);
    if (other === undefined) return [];
    const problem = `would use the same fields as [${other}] (${state}, …); rename one of the two sections`;
    return [{ section: name, key: 'show_in_source', problem }];
  });
}
