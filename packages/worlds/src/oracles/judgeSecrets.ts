import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../world/World.js';
import type { Dumps } from './Dumps.js';
import type { Finding } from './Finding.js';

/** A value of the excluded field; nothing outside of the source may show it. */
export const CANARY = 'canary-b7f3';

/** No secret of a login in a log or a database, and nothing of an excluded field anywhere in the target. */
export function judgeSecrets(world: World, dumps: Dumps): readonly Finding[] {
  const { source, target, hosts, opposite, folder } = world;
  const secrets = [`secret-${source.id}`, `secret-${target.id}`];
  const findings: Finding[] = [];
  const leak = (where: string, what: string): void =>
    void findings.push({ check: 'secret', text: `${where} shows ${what}` });
  for (const text of [...hosts, ...(opposite?.hosts ?? [])].flatMap(({ texts }) => texts)) {
    const shown = [...secrets, CANARY].find((secret) => text.includes(secret));
    if (shown !== undefined) leak(`the log line ${text.slice(0, 200)}`, shown);
  }
  const replica = JSON.stringify(dumps.target, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  if (replica.includes(CANARY)) leak('the target', CANARY);
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (name === 'app.config' || !statSync(file).isFile()) continue;
    const bytes = readFileSync(file, 'latin1');
    for (const secret of secrets) if (bytes.includes(secret)) leak(name, secret);
  }
  return findings;
}
