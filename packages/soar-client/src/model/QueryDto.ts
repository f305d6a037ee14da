/** One condition of query_paged. Custom fields are named `properties.<name>`. */
export interface QueryCondition {
  readonly field_name: string;
  readonly method: QueryMethod;
  readonly value?: unknown;
}

export type QueryMethod =
  | 'equals'
  | 'not_equals'
  | 'in'
  | 'not_in'
  | 'contains'
  | 'not_contains'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'has_a_value'
  | 'not_has_a_value';

export type ReturnLevel = 'partial' | 'normal' | 'full';
