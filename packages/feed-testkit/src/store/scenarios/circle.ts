/** A value that JSON cannot hold: the store cannot keep a change that contains it. */
export const CIRCLE: { readonly self?: unknown } = circle();

function circle(): object {
  const round: { self?: unknown } = {};
  round.self = round;
  return round;
}
