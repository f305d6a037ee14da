import { SoarQueue } from '@soar-feed/soar-client';
import type { Dial, QueueState, SoarApiError, SoarClient, SoarConnection } from '@soar-feed/soar-client';
import { namingKeys } from '../config/namingKeys.js';
import type { Clock } from '../contract/Clock.js';
import type { Logger } from '../contract/Logger.js';
import type { Metrics } from '../contract/Metrics.js';
import type { Feed } from '../delivery/Feed.js';
import type { QueueIntake } from '../intake/queue/QueueIntake.js';
import { WindowWatch } from '../intake/queue/WindowWatch.js';
import { metricNames } from '../telemetry/metrics.js';

/** Unacknowledged messages that the broker hands over (prefetch), where the config does not say. */
const PREFETCH = 25;

export interface HostQueueServices {
  readonly connection: SoarConnection;
  /** Programmatic name of the message destination. */
  readonly queueName: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly dial?: Dial;
}

/** The host's one subscription. It is opened once the feeds can take messages; log and metrics show its state. */
export class HostQueue {
  state: QueueState | { readonly state: 'off' } = { state: 'off' };
  private queue: SoarQueue | undefined;
  private window: WindowWatch | undefined;
  private onFailure: ((error: Error) => void) | undefined;

  private connection: SoarConnection;

  constructor(private readonly services: HostQueueServices) {
    this.connection = services.connection;
  }

  /** `listener` hears of a queue that will not come back by itself. */
  onFatal(listener: (error: Error) => void): void {
    this.onFailure = listener;
  }

  /** Resolves when subscribed; rejects when the queue is refused. */
  async subscribe(client: SoarClient, feeds: readonly Feed[], intake: QueueIntake): Promise<void> {
    const { connection } = this;
    const { queueName, log, clock, dial } = this.services;
    if (!client.org.actionsFrameworkEnabled) {
      log.warn('The organization has no action framework: there is no queue, only reloads run.');
      return;
    }
    const prefetch = connection.stomp?.prefetch ?? PREFETCH;
    this.queue = SoarQueue.open(connection, client.org.id, queueName, {
      prefetch,
      onMessage: (message) => intake.take(message),
      onState: (state) => this.moved(this.inWords(state)),
      log: (level, message, details = {}) => log[level](message, details),
      dial,
    });
    this.window = new WindowWatch({ feeds, prefetch, log, clock });
    this.window.start();
    await this.queue.ready.catch((error: unknown) => {
      throw this.named(error);
    });
  }

  /** As `SoarQueue.useLogin`; before `subscribe`, that uses it. */
  useLogin(connection: SoarConnection): void {
    this.connection = connection;
    this.queue?.useLogin(connection);
  }

  /** Takes no more messages; those that were taken may still be acknowledged. */
  stop(): void {
    this.queue?.stop();
    this.window?.stop();
  }

  async close(): Promise<void> {
    await this.queue?.close();
  }

  private inWords(state: QueueState): QueueState {
    return 'error' in state ? { ...state, error: this.named(state.error) } : state;
  }

  private named<Failure>(error: Failure): Failure | SoarApiError {
    return namingKeys(error, 'resilient', this.connection, { ofQueue: true });
  }

  private moved(state: QueueState): void {
    this.state = state;
    const { queueName: queue, log, metrics } = this.services;
    metrics.gauge(metricNames.queueConnected, state.state === 'connected' ? 1 : 0, { queue });
    switch (state.state) {
      case 'connecting':
        return;
      case 'connected':
        return log.debug('The queue is connected.', { event: 'queue.up' });
      case 'disconnected':
        return log.warn(`The queue is away and is tried again in ${state.retryInMs} ms: ${state.error.message}`, {
          event: 'queue.down',
        });
      case 'failed':
        log.error(`The queue was refused: ${state.error.message}`, { event: 'queue.failed', code: state.error.code });
        this.onFailure?.(state.error);
    }
  }
}
