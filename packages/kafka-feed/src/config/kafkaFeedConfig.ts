import { keys } from './keys.js';
import { refuseContradictions } from './refuseContradictions.js';
import { refuseUnknownKeys } from './refuseUnknownKeys.js';

/** The keys of a Kafka feed's section; contradictions and unknown keys are reported beside faulty values. */
export const kafkaFeedConfig = keys
  .superRefine(refuseContradictions, { when: () => true })
  .superRefine(refuseUnknownKeys(Object.keys(keys.shape)), { when: () => true });
