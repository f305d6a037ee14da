/**
 * Reads `[resilient] secret_command`: words separated by spaces, or a JSON list of them if one holds spaces. Throws an
 * `Error` that says what is accepted.
 */
export function parseSecretCommand(text: string): readonly string[] {
  if (!text.startsWith('[')) return text.split(/\s+/).filter((word) => word !== '');
  const words = parseJson(text);
  if (!Array.isArray(words) || words.length === 0 || !words.every((word) => typeof word === 'string' && word !== ''))
    throw new Error(`is not a list of texts; accepted: ${COMMAND_ACCEPTS}`);
  return words as readonly string[];
}

export const COMMAND_ACCEPTS =
  'a program and its arguments, such as vault kv get -field={name} secret/soar-feed, or a JSON list of them';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
