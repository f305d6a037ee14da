const STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** The next larger number that is easy to read: where an axis ends. At least 1e-3. */
export function roundedUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-3)));
  const step = STEPS.find((one) => one * power >= value * (1 - 1e-9)) ?? 10;
  return step * power;
}
