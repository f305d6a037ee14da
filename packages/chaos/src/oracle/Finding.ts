/** Something that a run must not leave behind. */
export interface Finding {
  readonly check:
    'settled' | 'equal' | 'parked' | 'queue' | 'answers' | 'files' | 'rows' | 'host' | 'run' | 'test' | 'memory';
  readonly text: string;
}
