import type { FeedHost, ReloadReport } from '@soar-feed/core/runtime';
import type { SimOrg, Simulator } from '@soar-feed/soar-simulator';
import type { RecordingLogger } from '../recordingLogger.js';
import type { TempFolder } from '../tempFolder.js';
import { waitUntilSettled } from './waitUntilSettled.js';

export interface RunningHostParts {
  readonly simulator: Simulator;
  readonly org: SimOrg;
  readonly log: RecordingLogger;
  /** Belongs to this host, and goes with it. */
  readonly folder: TempFolder;
  readonly newHost: () => Promise<FeedHost>;
}

/** A host under test, and the simulated platform that it reads. */
export class RunningHost {
  /** The source as an analyst works in it: every change reaches the feeds. */
  readonly org: SimOrg;
  readonly simulator: Simulator;
  /** What the host logged. */
  readonly log: RecordingLogger;
  private current: FeedHost | undefined;

  constructor(private readonly parts: RunningHostParts) {
    this.org = parts.org;
    this.simulator = parts.simulator;
    this.log = parts.log;
  }

  /** Throws while the host is stopped. */
  get host(): FeedHost {
    if (this.current === undefined) throw new Error('The host does not run.');
    return this.current;
  }

  async start(options: { readonly reload?: boolean } = {}): Promise<void> {
    const host = await this.parts.newHost();
    await host.start({ reload: options.reload ?? false });
    this.current = host;
  }

  /** Stops the host and starts another with the same state, as an upgrade does. */
  async restart(): Promise<void> {
    await this.host.stop();
    this.current = undefined;
    await this.start();
  }

  /** Loads everything that is there. */
  reload(): Promise<ReloadReport> {
    return this.host.reload();
  }

  /** The state of one feed. Throws for a name that is none. */
  feed(name: string): ReturnType<FeedHost['status']>['feeds'][number] {
    const found = this.host.status().feeds.find((feed) => feed.name === name);
    if (found === undefined) throw new Error(`There is no feed ${name}.`);
    return found;
  }

  /**
   * Resolves when every change made so far has ended at every feed and its message is answered. Throws after
   * `timeoutMs` (default 30 s) with what is still under way, and at once when objects failed for ever.
   */
  async settled(timeoutMs = 30_000): Promise<void> {
    const { host } = this;
    const settling = { quiet: (ms: number) => host.quiet(ms), feeds: async () => host.status().feeds };
    await waitUntilSettled(this.org, settling, timeoutMs);
  }

  /** Stops the host and the platform, and removes the state. */
  async stop(): Promise<void> {
    try {
      await this.current?.stop();
    } finally {
      this.current = undefined;
      await this.parts.simulator.stop();
      await this.parts.folder.remove();
    }
  }
}
