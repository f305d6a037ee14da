import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Simulator } from '@soar-feed/soar-simulator';
import { startAcme } from './helpers/acme.js';
import { appConfig, Site } from './helpers/Site.js';
import { SoarFeed } from './helpers/soarFeed.js';
import { until } from './helpers/until.js';

jest.setTimeout(120_000);

/** As OTLP/HTTP sends them in JSON. */
interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}
interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: Pick<Span, 'attributes'>;
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

let simulator: Simulator;
let receiver: Server;
const bodies: string[] = [];
const paths: string[] = [];
const spans: Span[] = [];
beforeAll(async () => {
  simulator = await startAcme();
  receiver = createServer((request, response) => {
    void text(request).then((body) => {
      paths.push(`${request.method} ${request.url}`);
      bodies.push(body);
      for (const { scopeSpans } of (JSON.parse(body) as Sent).resourceSpans)
        for (const scope of scopeSpans) spans.push(...scope.spans);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await simulator.stop();
});

const valueOf = ({ attributes }: Pick<Span, 'attributes'>, key: string): string | undefined => {
  const found = attributes.find((attribute) => attribute.key === key);
  return found === undefined ? undefined : String(Object.values(found.value)[0]);
};

it('a message, its delivery and the requests become spans of one trace, without incident text or secrets', async () => {
  const site = new Site();
  site.makeFolder('files');
  const { port } = receiver.address() as AddressInfo;
  const feeds = { feed_names: 'files', otlp_endpoint: `http://127.0.0.1:${port}` };
  site.write('app.config', appConfig(simulator, { feeds, files: { class: 'file', directory: 'files' } }));
  const env = { OTEL_BSP_SCHEDULE_DELAY: '200' };
  const host = new SoarFeed(['run', '-c', site.config], { env, deadlineMs: 100_000 });
  await host.event('host.ready');
  expect(await host.event('tracing.on')).toMatchObject({ to: `127.0.0.1:${port}` });
  const { id } = simulator.org(201).createIncident({ name: 'A secret title', discovered_date: 1_700_000_000_000 });
  await until(() => site.has(`files/incident_${id}.json`), 'the incident');
  host.signal('SIGTERM');
  expect((await host.ended).code).toBe(0);

  expect(new Set(paths)).toEqual(new Set(['POST /v1/traces']));
  const [resource] = (JSON.parse(bodies[0] ?? '') as Sent).resourceSpans;
  expect(resource && valueOf(resource.resource, 'service.name')).toBe('soar-feed');
  const intake = spans.find(({ name }) => name === 'receive');
  const delivery = spans.find(({ name }) => name === 'deliver');
  expect(intake && [valueOf(intake, 'soar.object.type'), valueOf(intake, 'soar.incident.id')]).toEqual([
    ...['incident', String(id)],
  ]);
  expect(delivery).toMatchObject({ traceId: intake?.traceId, parentSpanId: intake?.spanId });
  expect(delivery && ['soar_feed.feed', 'soar_feed.outcome'].map((key) => valueOf(delivery, key))).toEqual([
    ...['files', 'delivered'],
  ]);
  const requests = spans.filter((span) => valueOf(span, 'http.request.method') !== undefined);
  expect(requests.length).toBeGreaterThan(2);
  expect(new Set(requests.map((span) => valueOf(span, 'server.address')))).toEqual(new Set([simulator.host]));
  expect(requests.some((span) => valueOf(span, 'http.response.status_code') === '200')).toBe(true);
  for (const hidden of ['secret title', 'secret-201', 'key-201']) expect(bodies.join('\n')).not.toContain(hidden);
  site.remove();
});

it('a collector that is away holds nothing up', async () => {
  const site = new Site();
  site.makeFolder('files');
  const feeds = { feed_names: 'files', otlp_endpoint: 'http://127.0.0.1:9' };
  site.write('app.config', appConfig(simulator, { feeds, files: { class: 'file', directory: 'files' } }));
  const host = new SoarFeed(['run', '-c', site.config], {
    env: { OTEL_BSP_SCHEDULE_DELAY: '100' },
    deadlineMs: 100_000,
  });
  await host.event('host.ready');
  const { id } = simulator.org(201).createIncident({ name: 'Still delivered', discovered_date: 1_700_000_000_000 });
  await until(() => site.has(`files/incident_${id}.json`), 'the incident');
  host.signal('SIGTERM');
  expect((await host.ended).code).toBe(0);
  site.remove();
});
