/** A promise that a world saw broken. */
export interface Finding {
  readonly check:
    | 'quiet'
    | 'equal'
    | 'twin'
    | 'order'
    | 'settled'
    | 'conserved'
    | 'parked'
    | 'queue'
    | 'answers'
    | 'files'
    | 'secret'
    | 'storm'
    | 'impatient'
    | 'memory'
    | 'host';
  readonly text: string;
}
