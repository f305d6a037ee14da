import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A message as it lies in the topic. */
export interface StoredMessage {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** All messages of a topic, in the order of each partition, read by librdkafka. */
export async function readTopic(program: string, bootstrap: string, topic: string): Promise<readonly StoredMessage[]> {
  const { stdout } = await run(program, [bootstrap, topic], { maxBuffer: 1 << 28 });
  const messages = stdout.split('\n').filter((line) => line !== '');
  return messages.map((line) => {
    const [partition, offset, key, value, ...headers] = line.split('\t');
    const names = headers.filter((_, at) => at % 2 === 0);
    return {
      partition: Number(partition),
      offset: Number(offset),
      key: textOf(key),
      value: textOf(value),
      headers: Object.fromEntries(names.map((name, at) => [textOf(name), textOf(headers[at * 2 + 1])])),
    };
  });
}

/** The last message of each key: what a compacted topic keeps. */
export function newestByKey(messages: readonly StoredMessage[]): ReadonlyMap<string, StoredMessage> {
  return new Map(messages.map((message) => [message.key ?? '', message]));
}

function textOf(hex: string | undefined): string | null {
  return hex === undefined || hex === '-' ? null : Buffer.from(hex, 'hex').toString('utf8');
}
