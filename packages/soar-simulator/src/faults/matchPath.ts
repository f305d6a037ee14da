/** Whether a path below an org matches a pattern: `:x` and `*` stand for one segment, a final `**` for any rest. */
export function matchPath(pattern: string, path: string): boolean {
  const wanted = segments(pattern);
  const given = segments(path);
  for (const [i, want] of wanted.entries()) {
    if (want === '**') return true;
    const segment = given[i];
    if (segment === undefined) return false;
    if (want !== '*' && !want.startsWith(':') && want !== segment) return false;
  }
  return given.length === wanted.length;
}

function segments(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}
