const DEFAULT_PORT = 9092;

/** `host:port,host` of `bootstrap.servers`, as librdkafka reads it: the port may be missing, a protocol may stand before. */
export function parseBrokers(text: string): readonly string[] {
  const brokers = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(broker);
  if (brokers.length === 0) throw new Error('names no broker; accepted: host:port, several separated by commas');
  return brokers;
}

function broker(entry: string): string {
  const place = entry.replace(/^(plaintext|ssl|sasl_plaintext|sasl_ssl):\/\//i, '');
  const [, host, port = String(DEFAULT_PORT)] = /^(\[[\da-f:]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(place) ?? [];
  if (host === undefined || Number(port) > 65_535 || Number(port) === 0) {
    throw new Error(`"${entry}" is not host:port`);
  }
  return `${host}:${port}`;
}
