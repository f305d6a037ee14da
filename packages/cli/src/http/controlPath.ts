import type { StateConfig } from '@soar-feed/core/runtime';

/** The control socket of the host of a config: beside its SQLite state database, otherwise beside the config. */
export function controlPath({ file, feeds: { stateDb } }: Pick<StateConfig, 'file' | 'feeds'>): string {
  return `${stateDb.client === 'sqlite' ? stateDb.file : file}.sock`;
}
