import { FeedTokens } from '@soar-feed/core';
import { createFeedHost, createLogger } from '@soar-feed/core/runtime';
import type { FeedHost, PreparedHost } from '@soar-feed/core/runtime';
import { storeModule } from '@soar-feed/store';
import type { Dial } from '@soar-feed/soar-client';
import { ContainerModule } from 'inversify';
import { cutConnections } from '../machine/MemorySocket.js';
import { dropConnections } from '../machine/gateSqlite.js';
import { machine } from '../virtual/Machine.js';
import { runIn } from '../virtual/lives.js';
import type { Life } from '../virtual/lives.js';

/** A line of a host's log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly event?: string;
}

/** One process of the product: the real host, in a life of its own. */
export class Host {
  readonly lines: LogLine[] = [];
  /** The lines as they were written. */
  readonly texts: string[] = [];
  /** Why it ended by itself. */
  failure: unknown;
  /** Somebody asked it to stop. */
  stopping = false;
  /** Why it could not stop. */
  stopFailure: unknown;
  host: FeedHost | undefined;
  /** The messages about events that it took from the queue. */
  readonly received = new Set<string>();
  stopped = false;
  private readonly events = new Set<string>();

  constructor(
    readonly life: Life,
    private readonly configFile: string,
    private readonly hostFile: string,
    private readonly dial: Dial,
    /** It ended by itself. */
    private readonly onEnd: () => void,
  ) {}

  /** Starts it in the background. */
  start(): void {
    runIn(this.life, () => {
      this.run().catch((error: unknown) => this.end(error));
    });
  }

  saw(event: string): boolean {
    return this.events.has(event);
  }

  /** An orderly stop, in the background. */
  stop(): void {
    this.stopping = true;
    runIn(this.life, () => {
      void (this.host?.stop() ?? Promise.resolve()).then(
        () => (this.stopped = true),
        (error: unknown) => (this.stopFailure = error),
      );
    });
  }

  /** A person has what failed tried again, in the background. */
  retryFailed(): void {
    runIn(this.life, () => {
      this.host?.retryParked({ state: 'failed' }).catch((error: unknown) => this.end(error));
    });
  }

  /** kill -9: nothing of it goes on. What it had sent may still arrive; what it had not committed is undone. */
  async kill(): Promise<void> {
    this.life.dead = true;
    cutConnections(this.life);
    await dropConnections(this.life);
  }

  /** A start that is broken off by a stop is no failure. */
  private end(error: unknown): void {
    if (this.stopping || this.failure !== undefined) return;
    this.failure = error;
    this.onEnd();
  }

  private async run(): Promise<void> {
    const modules = (prepared: PreparedHost): readonly ContainerModule[] => [
      storeModule({ database: prepared.config.feeds.stateDb, keepOutcomes: true }),
      this.own(prepared),
    ];
    const own = machine();
    own.loading += 1;
    this.host = await createFeedHost({
      configFile: this.configFile,
      hostFile: this.hostFile,
      env: {},
      modules,
    }).finally(() => (own.loading -= 1));
    this.host.events.listen(({ outcome }, of) => {
      if (outcome === 'received' && of !== undefined) this.received.add(of.id);
    });
    this.host.onFatal((error) => this.end(error));
    await this.host.start();
  }

  private own({ config }: PreparedHost): ContainerModule {
    const destination = { write: (text: string) => this.log(text) };
    const log = createLogger({ format: 'json', level: 'info', redactor: config.redactor, destination });
    return new ContainerModule(({ bind }) => {
      bind(FeedTokens.Logger).toConstantValue(log);
      bind(FeedTokens.Dial).toConstantValue(this.dial);
    });
  }

  private log(text: string): void {
    const line = JSON.parse(text) as LogLine;
    this.texts.push(text);
    this.lines.push(line);
    if (line.event !== undefined) this.events.add(line.event);
  }
}
