/** A host as sockets want it: an IPv6 address without the brackets that URLs put around it. */
export function bareHost(host: string): string {
  return /^\[.*\]$/.test(host) ? host.slice(1, -1) : host;
}

/** `host:port` as URLs and messages want it. */
export function placeOf(host: string, port: number): string {
  const bare = bareHost(host);
  return `${bare.includes(':') ? `[${bare}]` : bare}:${port}`;
}
