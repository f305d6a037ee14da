export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** @throws Error that says what is accepted */
export function readBrokerUrl(url: string): BrokerAddress {
  const match = /^stomp(\+ssl|\+nio\+ssl|\+nio)?:\/\/(\[[^\]]+\]|[^:/?#]+):(\d{1,5})\/?$/.exec(url.trim());
  const [, transport = '', host = '', port = ''] = match ?? [];
  if (!match || Number(port) > 65_535) {
    throw new Error(`broker.url is ${url}; give it as stomp://host:port or stomp+ssl://host:port`);
  }
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port), tls: transport.endsWith('ssl') };
}
