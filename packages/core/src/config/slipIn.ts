import type { FieldView } from './fieldFacts.js';

/**
 * Names what in a value seems meant for another parser: quotes around it, or a comment after it. In this file both are
 * part of the value, as IBM reads it. The text ends a sentence and never quotes the value, which may be a secret.
 */
export function slipIn(text: string, { facts }: FieldView): string | undefined {
  if (facts === undefined || facts.grammar) return undefined;
  if (/^(["']).*\1$/s.test(text)) return 'the quotes around it are part of the value: leave them out';
  // Lists have separators of their own, and a ";" may be one.
  const comment = facts.kind === 'list' ? /\s#/ : /\s[#;]\s/;
  if (!comment.test(text)) return undefined;
  return 'a comment behind a value is part of it: give the comment a line of its own';
}
