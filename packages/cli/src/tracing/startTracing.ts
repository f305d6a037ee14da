import { ConfigError } from '@soar-feed/core';
import type { Logger } from '@soar-feed/core';
import { traceRequests } from '@soar-feed/core/runtime';
import { loadSdk, TRACING_PACKAGES } from './loadSdk.js';
import type { TracingSdk } from './loadSdk.js';

/** The standard variables; the exporter itself reads them, with those for headers, timeout and the rest. */
const VARIABLES = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;

export interface TracingOptions {
  /** `[feeds] otlp_endpoint` */
  readonly endpoint: string | undefined;
  readonly log: Logger;
  readonly env?: Readonly<NodeJS.ProcessEnv>;
  readonly load?: () => TracingSdk;
}

/** Ends tracing: what was not sent yet is sent first. */
export type EndTracing = () => Promise<void>;

/**
 * Sends traces where the config or the standard variables say; elsewhere it does nothing. Throws `ConfigError` if the key is
 * set and a package is missing. If only a variable is set, that is a warning: it may be meant for other programs.
 */
export function startTracing({ endpoint, log, env = process.env, load = loadSdk }: TracingOptions): EndTracing {
  const variable = VARIABLES.find((name) => (env[name] ?? '') !== '');
  if (endpoint === undefined && variable === undefined) return nothing;
  const sdk = loaded(load, (problem) => {
    if (endpoint !== undefined) throw new ConfigError([{ section: 'feeds', key: 'otlp_endpoint', problem }]);
    log.warn(`${variable} is set, but ${problem}`, { event: 'tracing.off' });
  });
  if (sdk === undefined) return nothing;
  const url = endpoint === undefined ? {} : { url: tracesAt(endpoint) };
  const provider = new sdk.NodeTracerProvider({
    resource: sdk
      .defaultResource()
      .merge(sdk.resourceFromAttributes({ 'service.name': 'soar-feed' }))
      .merge(sdk.detectResources({ detectors: [sdk.envDetector] })),
    spanProcessors: [new sdk.BatchSpanProcessor(new sdk.OTLPTraceExporter(url))],
  });
  provider.register();
  const endRequests = traceRequests();
  log.info('Traces are sent.', { event: 'tracing.on', to: endpoint === undefined ? variable : new URL(endpoint).host });
  return async () => {
    endRequests();
    await provider.shutdown().catch((error: unknown) => {
      log.warn(`The last traces could not be sent: ${String(error)}`, { event: 'tracing.lost' });
    });
  };
}

const nothing: EndTracing = async () => undefined;

function loaded(load: () => TracingSdk, missing: (problem: string) => void): TracingSdk | undefined {
  try {
    return load();
  } catch {
    missing(`traces need packages that are not installed: npm install ${TRACING_PACKAGES.join(' ')}`);
    return undefined;
  }
}

/** As the standard says of an endpoint for all signals: traces go to `/v1/traces` below it. */
function tracesAt(endpoint: string): string {
  return endpoint.endsWith('/v1/traces') ? endpoint : `${endpoint.replace(/\/+$/, '')}/v1/traces`;
}
