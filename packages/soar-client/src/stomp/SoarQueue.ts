import type { SoarConnection } from '../connect/SoarConnection.js';
import type { QueueOptions } from './QueueState.js';
export class SoarQueue {
  readonly ready: Promise<void> = Promise.resolve();
  static open(_connection: SoarConnection, _orgId: number, _queueName: string, _options: QueueOptions): SoarQueue {
    return new SoarQueue();
  }
  static probe(_connection: SoarConnection, _options: { signal?: AbortSignal } = {}): Promise<void> {
    return Promise.resolve();
  }
  stop(): void {}
  close(): Promise<void> {
    return Promise.resolve();
  }
}
