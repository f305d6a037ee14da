import { expect, it } from '@jest/globals';
import { wantsOpenMetrics } from '../../src/http/wantsOpenMetrics.js';

const PROMETHEUS =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,' +
  'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

it.each([
  [PROMETHEUS, true],
  ['application/openmetrics-text', true],
  ['Application/OpenMetrics-Text; version=1.0.0', true],
  ['application/openmetrics-text;q=0.5, text/plain;q=0.9', false],
  ['application/openmetrics-text;q=0', false],
  ['application/openmetrics-text;q=x', false],
  ['text/plain', false],
  ['*/*', false],
  [undefined, false],
])('a scrape that accepts %s gets OpenMetrics: %s', (accept, wanted) => {
  expect(wantsOpenMetrics(accept)).toBe(wanted);
});
