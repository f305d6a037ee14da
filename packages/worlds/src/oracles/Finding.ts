/** A promise that a world saw broken. */
export interface Finding {
  readonly check:
    | 'quiet'
    | 'equal'
    | 'twin'
    | 'settled'
    | 'conserved'
    | 'parked'
    | 'queue'
    | 'answers'
    | 'files'
    | 'secret'
    | 'storm'
    | 'host';
  readonly text: string;
}
