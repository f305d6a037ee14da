import { readFile, rename, writeFile } from 'node:fs/promises';
import { readJson } from '../json/readJson.js';
import { writeJson } from '../json/writeJson.js';
import type { SavedConfiguration } from '../configuration/Configuration.js';
import { asBag } from '../org/bag.js';
import type { Platform } from '../org/Platform.js';
import type { SavedRules } from '../rules/RuleEngine.js';
import type { Broker, SavedMessage } from '../stomp/Broker.js';
import type { SavedOrg } from './SavedOrg.js';

const format = 'soar-simulator-state-1';

interface SavedState {
  readonly format: typeof format;
  readonly orgs: readonly {
    readonly objects: SavedOrg;
    readonly rules: SavedRules;
    readonly configuration?: SavedConfiguration;
  }[];
  readonly messages: readonly SavedMessage[];
}

/** Writes a second file first, so that an interrupted save leaves the older state intact. */
export async function saveState(file: string, platform: Platform, broker: Broker): Promise<void> {
  for (const org of platform.orgs) await org.settled();
  const state: SavedState = {
    format,
    orgs: platform.orgs.map((org) => ({
      objects: org.backUp(),
      rules: org.rules.save(),
      configuration: org.configuration.save(),
    })),
    messages: broker.savedMessages(),
  };
  await writeFile(`${file}.new`, writeJson(state), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Throws before it changes anything. */
export async function loadState(file: string, platform: Platform, broker: Broker): Promise<void> {
  const state = asBag(readJson(await readFile(file, 'utf8'))) as unknown as SavedState;
  if (state.format !== format) throw new Error(`${file} is no state of a simulator.`);
  const ids = (orgs: readonly number[]) => [...orgs].sort((a, b) => a - b).join(', ');
  const [saved, running] = [ids(state.orgs.map(({ objects }) => objects.id)), ids(platform.orgs.map(({ id }) => id))];
  if (saved !== running) throw new Error(`${file} holds the orgs ${saved}; there are ${running}.`);
  for (const { objects, rules, configuration } of state.orgs) {
    const org = platform.org(objects.id);
    org.configuration.load(configuration ?? []);
    org.restore(objects);
    org.rules.load(rules);
    org.state.ids.goBackTo(objects.nextIds, 'all');
  }
  broker.loadMessages(state.messages);
}
