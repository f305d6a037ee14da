import type { StateConfig } from '@soar-feed/core/runtime';

/** Where the running host of a config is reached: beside its state database, else beside the config. */
export function controlPath({ file, feeds: { stateDb } }: Pick<StateConfig, 'file' | 'feeds'>): string {
  return `${stateDb.client === 'sqlite' ? stateDb.file : file}.sock`;
}
