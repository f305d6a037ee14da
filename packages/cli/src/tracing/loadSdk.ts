import { createRequire } from 'node:module';
import type * as Otlp from '@opentelemetry/exporter-trace-otlp-http';
import type * as Node from '@opentelemetry/sdk-trace-node';

type Sdk = typeof Node;
type Exporter = typeof Otlp;
type Resource = NonNullable<NonNullable<ConstructorParameters<Sdk['NodeTracerProvider']>[0]>['resource']>;

/** The part of `@opentelemetry/resources` that is needed; the SDK depends on it. */
interface Resources {
  defaultResource(): Resource;
  resourceFromAttributes(attributes: Readonly<Record<string, string>>): Resource;
  detectResources(options: { readonly detectors: readonly unknown[] }): Resource;
  readonly envDetector: unknown;
}

export interface TracingSdk extends Resources {
  readonly NodeTracerProvider: Sdk['NodeTracerProvider'];
  readonly BatchSpanProcessor: Sdk['BatchSpanProcessor'];
  readonly OTLPTraceExporter: Exporter['OTLPTraceExporter'];
}

/** Optional peers of this package: installed only where traces are wanted. */
export const TRACING_PACKAGES = ['@opentelemetry/sdk-trace-node', '@opentelemetry/exporter-trace-otlp-http'] as const;

/** Throws what `require` throws when a package is missing. */
export function loadSdk(): TracingSdk {
  const require = createRequire(import.meta.url);
  const [sdkName, exporterName] = TRACING_PACKAGES;
  const { NodeTracerProvider, BatchSpanProcessor } = require(sdkName) as Sdk;
  const { OTLPTraceExporter } = require(exporterName) as Exporter;
  // Whatever a package manager puts where, the SDK finds its own dependency.
  const resources = createRequire(require.resolve(sdkName))('@opentelemetry/resources') as Resources;
  const { defaultResource, resourceFromAttributes, detectResources, envDetector } = resources;
  return {
    ...{ NodeTracerProvider, BatchSpanProcessor, OTLPTraceExporter },
    ...{ defaultResource, resourceFromAttributes, detectResources, envDetector },
  };
}
