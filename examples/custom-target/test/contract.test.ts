import { anIncident, describeFeedTarget } from '@soar-feed/feed-testkit';
import { Receiver } from './Receiver.js';
import { Webhook } from '../src/Webhook.js';

/** The engine's promises to a user need these of every target: run them on yours, too. */
describeFeedTarget({
  name: 'Webhook',
  capabilities: { deletes: 'apply', content: false },
  secrets: ['top-secret'],
  async make() {
    const receiver = await Receiver.start();
    return { receiver, target: new Webhook(receiver.url, 'top-secret'), dispose: () => receiver.stop() };
  },
  another: async ({ receiver }) => new Webhook(receiver.url, 'top-secret'),
  followsSchema: true,
  readBack: async ({ receiver }, { key }) =>
    receiver.objects.filter((one) => one.type === key.type && one.id === key.objectId),
  async outage({ receiver }) {
    await receiver.stop();
    return () => receiver.listen();
  },
  async silence({ receiver }) {
    receiver.silent = true;
    return {
      reached: receiver.nextRequest(),
      end: async () => {
        receiver.silent = false;
      },
    };
  },
  async poison({ receiver }) {
    receiver.refusedId = 2290;
    return anIncident({ incidentId: 2290 });
  },
});
