const whole = new Intl.NumberFormat('en-US');

/** `12,345`: grouped, so that digits need not be counted. */
export function numberText(value: number): string {
  return whole.format(value);
}

/** A rate per second: `12`, `0.4`; `0` only where nothing happened. */
export function rateText(perSecond: number): string {
  if (perSecond === 0) return '0';
  if (perSecond >= 10) return numberText(Math.round(perSecond));
  return perSecond < 0.1 ? '< 0.1' : perSecond.toFixed(1);
}

/** `1 row`, `2 rows`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${numberText(count)} ${count === 1 ? one : many}`;
}
