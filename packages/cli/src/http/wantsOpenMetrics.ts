const OPEN_METRICS = 'application/openmetrics-text';
const PLAIN = ['text/plain', 'text/*', '*/*'];

/** Whether a scrape prefers OpenMetrics to the older text format, by its `Accept` header (RFC 9110). */
export function wantsOpenMetrics(accept: string | undefined): boolean {
  const offers = (accept ?? '').split(',').map(offerOf);
  const weightOf = (types: readonly string[]): number =>
    Math.max(0, ...offers.map(({ type, weight }) => (types.includes(type) ? weight : 0)));
  const weight = weightOf([OPEN_METRICS]);
  return weight > 0 && weight >= weightOf(PLAIN);
}

function offerOf(text: string): { readonly type: string; readonly weight: number } {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  const weight = q === undefined ? 1 : Number(q.slice(2));
  return { type, weight: Number.isFinite(weight) ? weight : 0 };
}
