import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TargetLoadError } from '../contract/errors.js';
import type { FeedTargetPackage } from '../contract/FeedTargetPackage.js';
import { CONTRACT } from '../contract/FeedTargetPackage.js';
import type { DiscoveredTarget } from './discoverTargets.js';
import { messageOf } from '../trouble/messageOf.js';

/** Imports a target package and checks what it exports. Throws `TargetLoadError` saying what is wrong with it. */
export async function loadTarget(target: DiscoveredTarget): Promise<FeedTargetPackage> {
  const { packageName, folder } = target;
  const loaded = await importPackage(packageName, folder);
  const definition: unknown = 'default' in loaded ? loaded.default : undefined;
  const fault = faultOf(definition);
  if (fault !== undefined) {
    throw new TargetLoadError(`${packageName}: ${fault}; its default export must be made by defineFeedTarget({ … })`, {
      code: 'target-broken',
    });
  }
  return definition as FeedTargetPackage;
}

async function importPackage(name: string, folder: string): Promise<Record<string, unknown>> {
  try {
    // From inside its folder a package resolves itself, whatever conditions its `exports` has.
    const entry = createRequire(join(folder, 'package.json')).resolve(hasExports(folder) ? name : folder);
    return (await import(pathToFileURL(entry).href)) as Record<string, unknown>;
  } catch (error) {
    const why = messageOf(error);
    throw new TargetLoadError(`${name} in ${folder} cannot be imported: ${why}`, {
      code: 'target-broken',
      cause: error,
    });
  }
}

function hasExports(folder: string): boolean {
  const manifest = createRequire(join(folder, 'package.json'))('./package.json') as { exports?: unknown };
  return manifest.exports !== undefined;
}

/** Checked by shape: a second copy of core, zod or inversify beside the package is no fault. */
function faultOf(definition: unknown): string | undefined {
  if (typeof definition !== 'object' || definition === null) return 'has no default export';
  const { type, contract, config, module } = definition as Partial<Record<keyof FeedTargetPackage, unknown>>;
  if (contract !== CONTRACT) return `is made for contract ${String(contract)}, this soar-feed has contract ${CONTRACT}`;
  if (typeof type !== 'string') return 'has no "type"';
  if (typeof config !== 'object' || config === null || !('safeParse' in config)) return 'has no zod schema in "config"';
  if (typeof module !== 'object' || module === null || !('id' in module)) return 'has no ContainerModule in "module"';
  return undefined;
}
