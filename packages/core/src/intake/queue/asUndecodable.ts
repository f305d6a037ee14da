import { DecodeError, StoppingError } from '../../contract/errors.js';
import { troubleOf } from '../../source/patience/policy.js';
import { classify } from '../../trouble/classify.js';
import { messageOf } from '../../trouble/messageOf.js';

/**
 * If the source has trouble with one object that the message needs, the message counts as undecodable. Throws the error again if the
 * source is away as a whole: that says nothing about the message, and it waits.
 */
export function asUndecodable(error: unknown): DecodeError {
  if (error instanceof DecodeError) return error;
  if (error instanceof StoppingError) throw error;
  const trouble = troubleOf(error);
  if (trouble === 'away' || trouble === 'fault') throw error;
  const { code } = classify(error);
  return new DecodeError(`The meaning of the message cannot be determined: ${messageOf(error)}`, {
    code,
    cause: error,
  });
}
