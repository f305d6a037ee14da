import { Receiver } from '../../../../packages/webhook-feed/test/support/Receiver.js';
import type { Destination } from './Destination.js';

export interface Posts extends Destination {
  readonly receiver: Receiver;
}

/** What a receiver of signed batches has. */
export async function posts(): Promise<Posts> {
  const receiver = await Receiver.start();
  receiver.secrets = ['top-secret'];
  return {
    feed: 'notify',
    section: { class: 'webhook', url: receiver.url, secret: 'top-secret' },
    receiver,
    async objects(shown) {
      const objects = [...receiver.objects.values()];
      return objects.map(({ key, data }) => shown.line(key.type, key.objectId, data ?? {})).sort();
    },
    stop: () => receiver.stop(),
  };
}
