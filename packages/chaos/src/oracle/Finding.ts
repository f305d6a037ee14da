/** Something that must not be. */
export interface Finding {
  readonly check: 'settled' | 'equal' | 'parked' | 'queue' | 'answers' | 'files' | 'host' | 'run' | 'test' | 'memory';
  readonly text: string;
}
