import { CONTRACT, field, TargetLoadError } from '@soar-feed/core';
import type { FeedTargetPackage } from '@soar-feed/core';
import { discoverTargets, loadTarget, readAppConfig } from '@soar-feed/core/runtime';
import type { DiscoveredTarget } from '@soar-feed/core/runtime';
import { existsSync, readFileSync } from 'node:fs';
import { hostFile } from './hostFile.js';

/** A target package that was found; `problem` if it cannot be used. */
export interface ListedTarget extends Partial<DiscoveredTarget> {
  readonly packageName: string;
  readonly definition?: FeedTargetPackage;
  readonly problem?: string;
}

/**
 * Every target package that a config file in this place would find. The file need not exist or be valid: only its
 * `target_packages` are read. Imports each package, so that a broken one is reported as broken.
 */
export async function listTargets(configFile: string): Promise<readonly ListedTarget[]> {
  const missing: ListedTarget[] = [];
  const targetPackages = namedPackages(configFile).filter((name) => {
    try {
      discoverTargets({ configFile, hostFile, targetPackages: [name] });
      return true;
    } catch (error) {
      missing.push({ packageName: name, problem: problemOf(error) });
      return false;
    }
  });
  const found = discoverTargets({ configFile, hostFile, targetPackages });
  return [...(await Promise.all(found.map(load))), ...missing];
}

async function load(target: DiscoveredTarget): Promise<ListedTarget> {
  if (target.contract !== CONTRACT) {
    return { ...target, problem: `made for contract ${target.contract}; this soar-feed has contract ${CONTRACT}` };
  }
  try {
    return { ...target, definition: await loadTarget(target) };
  } catch (error) {
    return { ...target, problem: problemOf(error) };
  }
}

/** An error of the package is shown; a bug of ours is thrown. */
function problemOf(error: unknown): string {
  if (error instanceof TargetLoadError) return error.message;
  throw error;
}

function namedPackages(configFile: string): readonly string[] {
  if (!existsSync(configFile)) return [];
  const { sections } = readAppConfig(readFileSync(configFile, 'utf8'), configFile);
  return field.list().parse(sections.get('feeds')?.values.get('target_packages')?.text ?? '');
}
