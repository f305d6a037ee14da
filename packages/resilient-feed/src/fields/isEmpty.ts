/**
 * Whether a value is unset, however the platform shows it: null, an empty text, an empty list, rich text without
 * content.
 */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && 'content' in value && (value.content === null || value.content === '');
}
