import { SoarApiError } from '../../src/index.js';

/** The SoarApiError that a call must fail with; anything else fails the test. */
export async function failureFrom(call: Promise<unknown>): Promise<SoarApiError> {
  try {
    await call;
  } catch (error) {
    if (SoarApiError.is(error)) return error;
    throw error;
  }
  throw new Error('expected a SoarApiError, but the call succeeded');
}
