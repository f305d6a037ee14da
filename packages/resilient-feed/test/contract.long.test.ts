import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterAll, beforeAll, jest } from '@jest/globals';
import type { Logger } from '@soar-feed/core';
import { anAttachment, anIncident, describeFeedTarget, tempFolder } from '@soar-feed/feed-testkit';
import type { ObjectPlace, TargetBench } from '@soar-feed/feed-testkit';
import { startSimulator } from '@soar-feed/soar-simulator';
import type { SimOrg, Simulator } from '@soar-feed/soar-simulator';
import { KnexMappingStore } from '../src/mapping/KnexMappingStore.js';
import { resilientFeedConfig, ResilientFeed, toSettings } from '../src/index.js';
import { systemClock } from './helpers/feedBench.js';

// A server and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

const columns = [
  { name: 'host_name', inputType: 'text' as const },
  { name: 'seen', inputType: 'datetimepicker' as const },
];
const incidentFields = [
  { name: 'ticket', inputType: 'text' as const },
  { name: 'df_org_id', inputType: 'number' as const },
  { name: 'df_inc_id', inputType: 'number' as const },
  { name: 'df_host', inputType: 'text' as const },
];
const schema = { incidentFields, tables: [{ name: 'hosts', columns }] };

let simulator: Simulator;
let org: SimOrg;
beforeAll(async () => {
  simulator = await startSimulator({
    orgs: [{ id: 202, name: 'Target', feedQueue: false, incidentDeletionAllowed: true, schema }],
  });
  org = simulator.org(202);
});
afterAll(() => simulator.stop());

interface OrgBench extends TargetBench {
  readonly line: Line;
  readonly log: Logger;
  newTarget(): ResilientFeed;
}

describeFeedTarget<OrgBench>({
  name: 'ResilientFeed',
  capabilities: { deletes: 'apply', content: true, concurrency: 64 },
  secrets: ['secret-202'],

  async make(log) {
    for (const id of org.incidentIds()) org.deleteIncident(id);
    const line = await Line.to(simulator.restPort);
    const folder = await tempFolder();
    const settings = toSettings(
      resilientFeedConfig.parse({
        host: simulator.host,
        port: String(line.port),
        org: '202',
        api_key_id: 'key-202',
        api_key_secret: 'secret-202',
        cafile: simulator.caFile,
        request_max_retries: '0',
        sqlite_sync_file: folder.file('mapping.db'),
        sync_reference_fields: 'true',
        delete_incidents: 'true',
        create_settle: '300ms',
      }),
    );
    const source = {
      ...{ host: 'source.example.com', orgId: 201, principalId: 1 },
      types: async () => [],
      notes: async () => [],
      fetch: async () => undefined,
    };
    // A mapping of its own on the same database: what a host has after a restart.
    const newTarget = (): ResilientFeed => {
      const mapping = new KnexMappingStore(settings.mapping);
      return new ResilientFeed(settings, { mapping, name: 'resilient_feed', source, log, clock: systemClock });
    };
    return {
      target: newTarget(),
      newTarget,
      line,
      log,
      async dispose() {
        await line.cut();
        await folder.remove();
      },
    };
  },

  another: async ({ newTarget }) => newTarget(),

  readBack: async (_bench, of) => inTarget(of),

  async readContent(_bench, of) {
    return org.content(inTarget(of)[0]?.id ?? 0);
  },

  async outage({ line }) {
    await line.cut();
    return () => line.mend();
  },

  async silence({ line }) {
    return { reached: line.hold(), end: () => line.mend() };
  },

  /** A file larger than the platform accepts, of an incident that exists. */
  async poison({ target, log }) {
    const of = { incidentId: 2290 };
    await target.deliver(anIncident(of), { signal: new AbortController().signal, attempt: 1, log });
    return anAttachment({ ...of, payload: { size: 26 * 1024 * 1024 } });
  },
});

/** What an analyst sees in the target organization, except for the note about the incident's origin. */
function inTarget({ key, parent }: ObjectPlace): readonly { readonly id: number }[] {
  const incidents = org.incidents().filter((incident) => incident.properties['df_inc_id'] === key.incidentId);
  if (key.type === 'incident') return incidents;
  return incidents.flatMap(({ id: incidentId }): readonly { readonly id: number }[] => {
    switch (key.type) {
      case 'task':
        return org.tasks(incidentId);
      case 'note':
        if (parent?.type === 'task') return org.tasks(incidentId).flatMap(({ id: taskId }) => org.notes({ taskId }));
        return org.notes({ incidentId }).filter(({ text }) => !JSON.stringify(text).includes('source.example.com'));
      case 'artifact':
        return org.artifacts(incidentId);
      case 'attachment':
        if (parent?.type === 'task')
          return org.tasks(incidentId).flatMap(({ id: taskId }) => org.attachments({ taskId }));
        return org.attachments({ incidentId });
      case 'hosts':
        return org.rows(incidentId, 'hosts');
      default:
        return [];
    }
  });
}

/** The network between the feed and its target. */
class Line {
  static async to(serverPort: number): Promise<Line> {
    const line = new Line(serverPort);
    await line.mend();
    return line;
  }

  port = 0;
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  /** Set while everything that is sent is lost. */
  private onLost: (() => void) | undefined;

  private constructor(private readonly serverPort: number) {}

  /** Swallows what the feed sends; resolves when something was sent. */
  hold(): Promise<void> {
    return new Promise((resolve) => (this.onLost = resolve));
  }

  /** Refuses new connections, and cuts the existing ones. */
  async cut(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  }

  async mend(): Promise<void> {
    await this.cut();
    this.onLost = undefined;
    const server = createServer((socket) => this.join(socket, connect(this.serverPort, '127.0.0.1')));
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  private join(socket: Socket, onward: Socket): void {
    for (const end of [socket, onward]) {
      this.sockets.add(end);
      end.on('error', () => undefined);
      end.on('close', () => {
        this.sockets.delete(end);
        socket.destroy();
        onward.destroy();
      });
    }
    socket.on('data', (bytes) => (this.onLost === undefined ? onward.write(bytes) : this.onLost()));
    onward.pipe(socket);
  }
}
