import type { SoarConnection } from '../connect/SoarConnection.js';
import { SoarApiError } from '../rest/SoarApiError.js';
import { brokerOf } from './brokerOf.js';
import { StompSession } from './StompSession.js';

/** Resolves when the broker has accepted the login. */
export async function probeBroker(connection: SoarConnection, signal?: AbortSignal): Promise<void> {
  const broker = brokerOf(connection);
  let session: StompSession | undefined;
  let abort = (): void => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      abort = () =>
        reject(
          new SoarApiError(`STOMP ${broker.host}:${broker.port}: cancelled by the caller`, {
            code: 'aborted',
            retryable: true,
          }),
        );
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort, { once: true });
      session = new StompSession(broker, undefined, {
        onReady: resolve,
        onMessage: () => undefined,
        onComplaint: () => undefined,
        onEnd: reject,
      });
    });
  } finally {
    signal?.removeEventListener('abort', abort);
    await session?.close();
  }
}
