import type { SoarClient } from '@soar-feed/soar-client';
import { didYouMean } from '../config/didYouMean.js';
import type { FeedsSettings } from '../config/feedsSection.js';
import type { ConfigIssue } from '../contract/errors.js';
import type { Logger } from '../contract/Logger.js';
import { sentence } from './check/CheckLine.js';
import type { TypeCatalog } from '../shape/TypeCatalog.js';

/**
 * Workspaces and types that `[feeds]` names and the source does not have. Only a warning, because both may be created later.
 * What the account may not read is not judged.
 */
export async function unknownNames(
  { workspaces, reloadTypes }: Pick<FeedsSettings, 'workspaces' | 'reloadTypes'>,
  client: Pick<SoarClient, 'workspaces'>,
  catalog: TypeCatalog,
  signal?: AbortSignal,
): Promise<readonly ConfigIssue[]> {
  const issues: ConfigIssue[] = [];
  if (workspaces !== undefined) {
    const all = await client.workspaces.all(signal === undefined ? {} : { signal }).catch(() => []);
    const labels = all.flatMap(({ display_name: label }) => label ?? []);
    const unknown = labels.length === 0 ? [] : [...workspaces.keys()].filter((label) => !labels.includes(label));
    for (const label of unknown) {
      const effect = unknown.length === workspaces.size ? '; so nothing is fed' : '';
      const problem = `names the workspace ${JSON.stringify(label)}, which the organization does not have${suggested(label, labels)}${effect}`;
      issues.push({ section: 'feeds', key: 'workspaces', problem });
    }
  }
  for (const text of await unknownTypes(reloadTypes, catalog)) {
    issues.push({ section: 'feeds', key: 'reload_types', problem: `names the type ${text}` });
  }
  return issues;
}

/** Logs them. If the source does not tell its names, nothing is logged. */
export async function warnOfNames(
  settings: FeedsSettings,
  client: SoarClient,
  catalog: TypeCatalog,
  { log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<void> {
  const issues = await unknownNames(settings, client, catalog, signal).catch(() => []);
  for (const issue of issues) log.warn(sentence(issue), { event: 'config.unknown-name' });
}

/** One text for each name that is no type of the source: `"inciden", which the organization does not have; did you mean …?` */
export async function unknownTypes(names: readonly string[], catalog: TypeCatalog): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const all = (await catalog.all()).map(({ name }) => name);
  return names
    .filter((name) => !all.includes(name))
    .map((name) => `${JSON.stringify(name)}, which the organization does not have${suggested(name, all)}`);
}

function suggested(name: string, all: readonly string[]): string {
  const same = all.find((one) => one.toLowerCase() === name.toLowerCase());
  const near = same ?? didYouMean(name, all);
  if (near !== undefined) return `; did you mean ${JSON.stringify(near)}?`;
  return all.length > 20 ? '' : `; available: ${all.map((one) => JSON.stringify(one)).join(', ')}`;
}
