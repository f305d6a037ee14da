import { BlockList, isIP } from 'node:net';
import { bareHost } from './hostName.js';

/**
 * `NO_PROXY`: `*`, or entries separated by commas or blanks, each maybe with a port: a name, also for its subdomains
 * (with or without `*` or a dot before it), an address, or a range such as `10.0.0.0/8` or `fd00::/8`.
 */
export function isExempt(host: string, port: number, list: string): boolean {
  const name = bareHost(host).toLowerCase();
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => entry === '*' || matches(entry.toLowerCase(), name, port));
}

function matches(entry: string, host: string, port: number): boolean {
  // An address of IPv6 is full of colons: its port stands behind brackets only.
  const isBareIpv6 = isIP(entry.split('/')[0] ?? '') === 6;
  const [, name = entry, onlyPort] = isBareIpv6 ? [] : (/^(.*?)(?::(\d+))?$/.exec(entry) ?? []);
  if (onlyPort !== undefined && Number(onlyPort) !== port) return false;
  const [address = '', prefix] = name.replace(/^\[([^\]]*)\](.*)$/, '$1$2').split('/');
  if (isIP(address) !== 0) return isIn(host, address, prefix);
  const suffix = name.replace(/^\*?\./, '').replace(/^\*/, '');
  return host === suffix || host.endsWith(`.${suffix}`) || (name.startsWith('*') && host.endsWith(suffix));
}

function isIn(host: string, address: string, prefix: string | undefined): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const bits = prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix);
  if (isIP(host) === 0 || !Number.isInteger(bits) || bits < 0 || bits > (family === 'ipv6' ? 128 : 32)) return false;
  const range = new BlockList();
  range.addSubnet(address, bits, family);
  return range.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}
