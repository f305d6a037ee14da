import type { Simulator } from '@soar-feed/soar-simulator';

/** The keys of one section; `undefined` leaves a key out. */
export type Section = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where the simulated source is, and as whom to log in. */
export function sourceSection(simulator: Simulator, org: { readonly id: number; readonly name: string }): Section {
  return {
    host: simulator.host,
    port: simulator.restPort,
    stomp_port: simulator.stompPort,
    cafile: simulator.caFile,
    org: org.name,
    api_key_id: `key-${org.id}`,
    api_key_secret: `secret-${org.id}`,
  };
}

/** The text of an `app.config`. Throws for a value with a line break, which would begin another key. */
export function appConfig(sections: Readonly<Record<string, Section>>): string {
  return Object.entries(sections)
    .map(([name, keys]) => `[${name}]\n${Object.entries(keys).flatMap(line(name)).join('')}`)
    .join('\n');
}

function line(section: string): (entry: [string, Section[string]]) => readonly string[] {
  return ([key, value]) => {
    if (value === undefined) return [];
    if (/[\r\n]/.test(`${key}${value}`)) throw new Error(`[${section}] ${key} has a line break.`);
    return [`${key}=${value}\n`];
  };
}
