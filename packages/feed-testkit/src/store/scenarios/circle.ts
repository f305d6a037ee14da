/** A value that no JSON can hold: a change that has it cannot be kept. */
export const CIRCLE: { readonly self?: unknown } = circle();

function circle(): object {
  const round: { self?: unknown } = {};
  round.self = round;
  return round;
}
