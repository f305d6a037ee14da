import { isIPv4 } from 'node:net';

/**
 * The names under which the monitoring port answers: those of this machine, the address it is bound to, and those that
 * the config allows. Any other name in a `Host` header may be a stranger's DNS name that points here.
 */
export function answersTo(boundAddress: string, allowed: readonly string[]): (hostHeader: string) => boolean {
  const names = new Set(['localhost', '[::1]', boundAddress, ...allowed].map((name) => name.toLowerCase()));
  return (hostHeader) => {
    const name = hostHeader.replace(/:\d*$/, '').replace(/\.$/, '').toLowerCase();
    return names.has(name) || (isIPv4(name) && name.startsWith('127.'));
  };
}
