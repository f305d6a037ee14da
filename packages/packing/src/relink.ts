import { dirname, posix, relative, resolve } from 'node:path';

export interface Shipped {
  /** The repository's folder (absolute); `url` is its public address. */
  readonly repository: string;
  readonly url: string;
  /** The package's folder, absolute. */
  readonly folder: string;
  /**
   * Documents that the package carries: from their place in the repository (absolute) to their place in the package.
   */
  readonly documents: ReadonlyMap<string, string>;
}

/** Its page would show it; what embeds it needs the file itself. */
const IMAGE = /\.(?:png|svg)$/;

const LINK = /\]\((?!\w+:|#)([^)\s#]+)(#[^)\s]*)?\)/g;

/** The files and folders that a Markdown text links to, as it spells them; not addresses, and without anchors. */
export function linksOf(text: string): readonly string[] {
  return [...text.matchAll(LINK)].map((match) => match[1] as string);
}

/**
 * The text of a document as the package carries it: a link to a file of the package leads to that file, every other
 * link to the repository's address. `from` is the document's place in the repository (absolute), `at` its place in the
 * package.
 */
export function relink(text: string, from: string, at: string, shipped: Shipped): string {
  return text.replace(LINK, (_whole, target: string, anchor = '') => {
    const meant = resolve(dirname(from), target);
    const inside = shipped.documents.get(meant) ?? insideOf(shipped.folder, meant);
    const place =
      inside === undefined
        ? `${shipped.url}/${IMAGE.test(target) ? 'raw' : 'blob'}/main/${slashed(relative(shipped.repository, meant))}`
        : posix.relative(posix.dirname(at), inside);
    return `](${place}${anchor})`;
  });
}

function insideOf(folder: string, file: string): string | undefined {
  const inside = slashed(relative(folder, file));
  return inside.startsWith('../') ? undefined : inside;
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
