import type { SoarConnection } from '../connect/SoarConnection.js';
import { SoarApiError } from '../rest/SoarApiError.js';
import { onAbort } from '../timers/onAbort.js';
import { brokerOf } from './brokerOf.js';
import { StompSession } from './StompSession.js';

/** Resolves when the broker has accepted the login. */
export async function probeBroker(connection: SoarConnection, signal?: AbortSignal): Promise<void> {
  const broker = brokerOf(connection);
  let session: StompSession | undefined;
  let letGo = (): void => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const abort = (): void =>
        reject(
          new SoarApiError(`STOMP ${broker.host}:${broker.port}: cancelled by the caller`, {
            code: 'aborted',
            retryable: true,
          }),
        );
      if (signal?.aborted) return abort();
      letGo = onAbort(signal, abort);
      session = new StompSession(broker, undefined, {
        onReady: resolve,
        onMessage: () => undefined,
        onComplaint: () => undefined,
        onEnd: reject,
      });
    });
  } finally {
    letGo();
    await session?.close();
  }
}
