import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SoarClient } from '@soar-feed/soar-client';
import { startSimulator } from '@soar-feed/soar-simulator';
import type { Simulator } from '@soar-feed/soar-simulator';
import { loadHostConfig } from '../../../src/config/loadHostConfig.js';
import type { CheckLine } from '../../../src/host/check/CheckLine.js';
import type { PreparedHost } from '../../../src/host/PreparedHost.js';

type Keys = Readonly<Record<string, string | undefined>>;

/** A simulated source, and configs that name it. */
export class CheckBench {
  static async start(): Promise<CheckBench> {
    const simulator = await startSimulator({
      orgs: [
        {
          ...{ id: 201, name: 'Acme' },
          users: [{ email: 'ada@example.com', password: 'pw' }],
          destinations: [
            { name: 'feed_data' },
            { name: 'unanswered', expectAck: false },
            { name: 'of_ada', principals: ['ada@example.com'] },
            { name: 'of_key', principals: ['key-201'] },
          ],
          schema: { tables: [{ name: 'hosts', columns: [{ name: 'host', inputType: 'text' }] }] },
        },
        { id: 202, name: 'Quiet', actionsFrameworkEnabled: false },
      ],
    });
    return new CheckBench(simulator, await mkdtemp(join(tmpdir(), 'soar-feed-check-')));
  }

  private readonly clients: SoarClient[] = [];

  private constructor(
    readonly simulator: Simulator,
    readonly folder: string,
  ) {}

  get configFile(): string {
    return join(this.folder, 'app.config');
  }

  /** As a person writes it; a key without a value is omitted. */
  async write(sections: Readonly<Record<string, Keys>>): Promise<void> {
    const { simulator } = this;
    const resilient = {
      ...{ host: simulator.host, port: String(simulator.restPort), stomp_port: String(simulator.stompPort) },
      ...{ cafile: simulator.caFile, org: 'Acme', api_key_id: 'key-201', api_key_secret: 'secret-201' },
      ...sections['resilient'],
    };
    const feeds = { feed_names: 'one', state_db: 'state.db', ...sections['feeds'] };
    const all = Object.entries({ one: { class: 'Scripted' }, ...sections, resilient, feeds });
    const text = all.map(([name, keys]) => {
      const lines = Object.entries(keys).flatMap(([key, value]) => (value === undefined ? [] : `${key}=${value}\n`));
      return `[${name}]\n${lines.join('')}\n`;
    });
    await writeFile(this.configFile, text.join(''));
  }

  async prepared(resilient: Keys = {}, feeds: Keys = {}): Promise<PreparedHost> {
    await this.write({ resilient, feeds });
    return { config: loadHostConfig(this.configFile, {}), feeds: [], warnings: [] };
  }

  async client({ config }: PreparedHost): Promise<SoarClient> {
    const client = await SoarClient.connect(config.resilient.connection);
    this.clients.push(client);
    return client;
  }

  async stop(): Promise<void> {
    for (const client of this.clients) await client.close();
    await this.simulator.stop();
    await rm(this.folder, { recursive: true });
  }
}

export async function linesOf(lines: AsyncIterable<CheckLine>): Promise<readonly CheckLine[]> {
  const all: CheckLine[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

export const AS_ADA: Keys = {
  ...{ api_key_id: undefined, api_key_secret: undefined },
  ...{ email: 'ada@example.com', password: 'pw' },
};
