import type { PlannedRequest } from '@soar-feed/core';
import type { HeardWrite } from '@soar-feed/soar-simulator';

/** What was planned beside what the server heard, in the same order and shape, with the server's ids by their names. */
export function matchWrites(
  planned: readonly PlannedRequest[],
  heard: readonly HeardWrite[],
): { readonly planned: readonly unknown[]; readonly heard: readonly unknown[] } {
  const names = new Map<string, string>();
  for (const [at, { path: wanted, body }] of planned.entries()) {
    const real = heard[at];
    learn(wanted.split('/'), real?.path.split('/'), names);
    learn(body, real?.body, names);
  }
  return {
    planned: planned.map(({ method, path, body, file }) => shapeOf(method, path, body, file)),
    heard: heard.map(({ method, path, body, file }) => {
      const parts = path.split('/').map((part) => names.get(part) ?? part);
      return shapeOf(method, parts.join('/'), named(body, names), file);
    }),
  };
}

function shapeOf(
  method: string,
  path: string,
  body: unknown,
  file?: { readonly name: string; readonly size?: number },
) {
  return { method, path, body: body ?? null, ...(file === undefined ? {} : { file: [file.name, file.size] }) };
}

/** A placeholder stands for whatever the server heard in its place. */
function learn(planned: unknown, heard: unknown, names: Map<string, string>): void {
  if (typeof planned === 'string' && /^@\d+$/.test(planned)) names.set(String(heard), planned);
  else if (typeof planned === 'object' && planned !== null)
    for (const [key, value] of Object.entries(planned))
      learn(value, (heard as Record<string, unknown> | null | undefined)?.[key], names);
}

function named(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'number') return names.get(String(value)) ?? value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => named(one, names));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, named(one, names)]));
}
