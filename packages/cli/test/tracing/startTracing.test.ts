import { expect, it } from '@jest/globals';
import { recordingLogger } from '@soar-feed/feed-testkit';
import { startTracing } from '../../src/tracing/startTracing.js';

const missing = (): never => {
  throw new Error("Cannot find module '@opentelemetry/sdk-trace-node'");
};

it('does nothing, and loads nothing, where no endpoint is configured', async () => {
  const log = recordingLogger();
  await startTracing({ endpoint: undefined, log, env: {}, load: missing })();
  expect(log.lines).toEqual([]);
});

it('says which packages to install where the key is set', () => {
  const log = recordingLogger();
  const start = () => startTracing({ endpoint: 'http://localhost:4318', log, env: {}, load: missing });
  expect(start).toThrow(
    /\[feeds\] otlp_endpoint: .*npm install @opentelemetry\/sdk-trace-node @opentelemetry\/exporter-trace-otlp-http/,
  );
});

it('warns, and goes on, where only a variable is set', async () => {
  const log = recordingLogger();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
  await startTracing({ endpoint: undefined, log, env, load: missing })();
  expect(log.lines.map(({ level, fields }) => [level, fields.event])).toEqual([['warn', 'tracing.off']]);
});
