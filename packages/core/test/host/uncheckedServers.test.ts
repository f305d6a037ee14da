import { describe, expect, it } from '@jest/globals';
import { field, uncheckedServer, z } from '../../src/index.js';
import type { PreparedFeed, PreparedHost } from '../../src/host/PreparedHost.js';
import { uncheckedServers } from '../../src/host/uncheckedServers.js';

const config = (connection: string) =>
  ({ feeds: { stateDb: { client: 'postgres', connection } } }) as unknown as PreparedHost['config'];
const stateWarnings = (connection: string) =>
  uncheckedServers({ config: config(connection), feeds: [] }).map(({ key, problem }) => `${key ?? ''} ${problem}`);

describe('uncheckedServers', () => {
  it.each(['', '?sslmode=disable', '?sslmode=prefer', '?sslmode=allow', '?sslmode=require', '?sslmode=REQUIRE'])(
    'warns of postgresql://db.example.com/soar%s, and never by its password',
    (words) => {
      const found = stateWarnings(`postgresql://u:geheim@db.example.com/soar${words}`);
      expect(found).toEqual([
        expect.stringMatching(/^state_db does not check who answers at db\.example\.com .*verify-full/),
      ]);
      expect(found.join()).not.toContain('geheim');
    },
  );

  it.each([
    'db.example.com/soar?sslmode=verify-full',
    'db.example.com/soar?sslmode=verify-ca',
    'db.example.com/soar?sslmode=require&sslrootcert=/ca.pem',
    '127.0.0.1/soar',
    'localhost:5433/soar?sslmode=disable',
    '[::1]/soar',
    'x/soar?host=/run/postgresql',
  ])('says nothing of postgresql://%s', (rest) => {
    expect(stateWarnings(`postgresql://${rest}`)).toEqual([]);
  });

  it("warns of what a feed's package says of its own keys", () => {
    const definition = {
      config: z.object({ server: field.text({ unchecked: (host) => uncheckedServer({ host: String(host) }) }) }),
    };
    const feed = { section: { name: 'one' }, definition, config: { server: 'db' } } as unknown as PreparedFeed;
    const found = uncheckedServers({ config: config('postgresql://localhost/soar'), feeds: [feed] });
    expect(found).toMatchObject([{ section: 'one', key: 'server' }]);
  });
});
