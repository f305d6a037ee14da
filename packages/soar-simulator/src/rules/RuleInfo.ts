export interface RuleInfo {
  readonly id: number;
  readonly name: string;
  readonly kind: 'automatic' | 'menu';
  /** Type name: `incident`, `task`, ... or a table's API name. */
  readonly objectType: string;
  readonly destination: string;
  readonly enabled: boolean;
  readonly uuid: string;
}
