import { keyText } from '@soar-feed/core';
import { anIncident, describeFeedTarget } from '@soar-feed/feed-testkit';
import type { FeedTargetCase, TargetBench } from '@soar-feed/feed-testkit';
import { Receiver } from './support/Receiver.js';
import { webhookFeed } from './support/settings.js';

interface ReceiverBench extends TargetBench {
  readonly receiver: Receiver;
}

describeFeedTarget(receiverCase('flat'));
describeFeedTarget(receiverCase('raw'));

function receiverCase(format: string): FeedTargetCase<ReceiverBench> {
  return {
    name: `WebhookFeed (format=${format})`,
    capabilities: {
      deletes: 'apply',
      content: false,
      ...(format === 'flat' ? { timeSeries: true } : {}),
      batch: { maxEvents: 100, maxWaitMs: 20 },
    },
    secrets: ['top-secret-key', 'older-secret-key', 'top-secret-token', 'top-secret-tenant'],
    async make() {
      const receiver = await Receiver.start();
      receiver.secrets = ['older-secret-key'];
      const target = webhookFeed({
        ...{ url: receiver.url, format, secret: 'top-secret-key', secret_old: 'older-secret-key' },
        ...{ token: 'top-secret-token', 'header.x-tenant': 'top-secret-tenant' },
      });
      return { receiver, target, dispose: () => receiver.stop() };
    },
    readBack: async ({ receiver }, { key }) => {
      const item = receiver.objects.get(keyText(key));
      return item === undefined ? [] : [item.data];
    },
    async outage({ receiver }) {
      await receiver.stop();
      return () => receiver.listen();
    },
    async silence({ receiver }) {
      receiver.isSilent = true;
      return {
        reached: receiver.nextRequest(),
        end: async () => {
          receiver.isSilent = false;
        },
      };
    },
    async poison({ receiver }) {
      receiver.refuse = ({ items }) => (items.some(({ key }) => key.incidentId === 2290) ? { status: 422 } : undefined);
      return anIncident({ incidentId: 2290 });
    },
  };
}
