/** The heading in `CHANGELOG.md` that collects the lines of the next release. */
const UNRELEASED = '## Unreleased';

/**
 * Moves the unreleased lines under `version`, and leaves an empty heading for the next release. Throws if there are
 * none.
 */
export function cutChangelog(changelog: string, version: string, date: string): string {
  sectionBelow(changelog, UNRELEASED);
  return changelog.replace(`${UNRELEASED}\n`, () => `${UNRELEASED}\n\n## ${version} (${date})\n`);
}

/** The lines of one version. Throws if there are none: a release without notes is a mistake. */
export function notesOf(changelog: string, version: string): string {
  const heading = changelog.split('\n').find((line) => line.startsWith(`## ${version} (`));
  if (heading === undefined) throw new Error(`CHANGELOG.md has no heading "## ${version} (date)".`);
  return sectionBelow(changelog, heading);
}

function sectionBelow(changelog: string, heading: string): string {
  const [, below] = changelog.split(`${heading}\n`);
  if (below === undefined) throw new Error(`CHANGELOG.md has no heading "${heading}".`);
  const text = below.split(/^## /m, 1).join('').trim();
  if (!/^- /m.test(text)) throw new Error(`CHANGELOG.md has no line below "${heading}".`);
  return text;
}
