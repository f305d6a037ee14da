/**
 * Shell wildcards as Python's fnmatch reads them, case-sensitive: `*`, `?`, `[abc]`, `[a-z]`, `[!abc]`; an unclosed `[`
 * stands for itself. Walks the text, so that no regular expression is built from the config.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let at = 0;
  let from = 0;
  let star = -1;
  let starFrom = 0;
  while (from < text.length) {
    const step = pattern[at] === '*' ? undefined : matchOne(pattern, at, text.charAt(from));
    if (pattern[at] === '*') {
      star = at++;
      starFrom = from;
    } else if (step !== undefined) {
      at = step;
      from++;
    } else if (star >= 0) {
      at = star + 1;
      from = ++starFrom;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

/** Where the pattern continues after it took one character; `undefined`: it does not take it. */
function matchOne(pattern: string, at: number, character: string): number | undefined {
  if (at >= pattern.length) return undefined;
  if (pattern[at] === '?') return at + 1;
  const close = pattern[at] === '[' ? closingBracket(pattern, at) : -1;
  if (close < 0) return pattern[at] === character ? at + 1 : undefined;
  const negated = pattern[at + 1] === '!';
  const inside = inSet(pattern.slice(at + (negated ? 2 : 1), close), character);
  return inside === negated ? undefined : close + 1;
}

/** A `]` right after the opening (or after `!`) belongs to the set. */
function closingBracket(pattern: string, open: number): number {
  const first = open + (pattern[open + 1] === '!' ? 2 : 1);
  return pattern.indexOf(']', first + 1);
}

function inSet(set: string, character: string): boolean {
  for (let i = 0; i < set.length; i++) {
    const low = set.charAt(i);
    if (set[i + 1] === '-' && i + 2 < set.length) {
      if (low <= character && character <= set.charAt(i + 2)) return true;
      i += 2;
    } else if (low === character) return true;
  }
  return false;
}
