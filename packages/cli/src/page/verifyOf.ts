import type { Verify } from '@soar-feed/page';
import { VerifyFile } from '../verify/VerifyFile.js';

/** What the last verification of a config found. Throws `PermanentError` if its file cannot be read. */
export async function lastVerification(configFile: string): Promise<Verify['last']> {
  const state = await new VerifyFile(configFile).read();
  if (state === undefined) return undefined;
  const { report, upToId, scope } = state;
  return { report, upToId, ...scope };
}
