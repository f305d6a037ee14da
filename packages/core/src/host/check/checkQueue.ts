import { SoarApiError, SoarQueue } from '@soar-feed/soar-client';
import type { MessageDestinationDto, SoarClient, SoarConnection } from '@soar-feed/soar-client';
import { namingKeys } from '../../config/namingKeys.js';
import type { PreparedHost } from '../PreparedHost.js';
import type { CheckLine } from './CheckLine.js';
import { failure, PATIENCE_MS } from './CheckLine.js';

/** Checks that the broker takes our login, and that the queue exists and we may read it. Nothing is subscribed. */
export async function* checkQueue(
  { config }: PreparedHost,
  client: SoarClient | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<CheckLine> {
  const { connection, stompEnabled } = config.resilient;
  if (!stompEnabled) {
    yield { subject: 'queue', state: 'warn', detail: 'turned off by [resilient] stomp: only reloads run' };
    return;
  }
  if (client?.org.actionsFrameworkEnabled === false) {
    const advice = 'Only reloads run; ask for the action framework if changes are to arrive as they are made.';
    yield {
      subject: 'queue',
      state: 'warn',
      detail: 'the organization has no action framework, hence no queues',
      advice,
    };
    return;
  }
  const { stomp } = connection;
  const impatient: SoarConnection = {
    ...connection,
    stomp: { ...stomp, connectTimeoutMs: Math.min(stomp.connectTimeoutMs ?? PATIENCE_MS, PATIENCE_MS) },
  };
  try {
    await SoarQueue.probe(impatient, { signal });
    yield {
      subject: 'queue',
      state: 'ok',
      detail: `the broker at ${stomp.host ?? connection.host}:${stomp.port} took the login`,
    };
  } catch (error) {
    yield failure('queue', namingKeys(error, 'resilient', connection, { ofQueue: true }));
  }
  if (client !== undefined) yield await checkDestination(client, config.feeds.queue);
}

async function checkDestination(client: SoarClient, queue: string): Promise<CheckLine> {
  const subject = 'destination';
  let all: readonly MessageDestinationDto[];
  try {
    all = await client.messageDestinations.all();
  } catch (error) {
    if (!SoarApiError.is(error) || error.status !== 403) return failure(subject, error);
    return { subject, state: 'ok', detail: `${queue}: not visible to this account, which is common for API keys` };
  }
  const found = all.find((destination) => destination.programmatic_name === queue);
  if (found === undefined) {
    const others = all.map((destination) => destination.programmatic_name).join(', ') || 'none';
    const detail = `the organization has no message destination ${queue}; available: ${others}`;
    const advice = 'Create it (type queue, acknowledgement expected), or name another one in [feeds] queue.';
    return { subject, state: 'fail', detail, advice, code: 'queue-missing' };
  }
  if (found.destination_type === 1 || found.expect_ack === false) {
    const what = found.destination_type === 1 ? 'a topic' : 'without acknowledgements';
    const advice = 'Make it of type queue, with "expect acknowledgement": else changes are lost while nobody listens.';
    return { subject, state: 'warn', detail: `${queue} is ${what}`, advice };
  }
  const { principal } = client;
  const readers = principal.type === 'apikey' ? found.api_keys : found.users;
  if (readers !== undefined && !readers.includes(principal.id)) {
    const list = principal.type === 'apikey' ? 'API keys' : 'users';
    const detail = `${queue}: ${principal.name} is not among its ${list}`;
    const advice = `Add it under "${list}" of the message destination, in the customization settings.`;
    return { subject, state: 'fail', detail, advice, code: 'queue-not-authorized' };
  }
  return { subject, state: 'ok', detail: `${queue}, and ${principal.name} may read it` };
}
