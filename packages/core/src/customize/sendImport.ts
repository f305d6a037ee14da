import { SoarApiError } from '@soar-feed/soar-client';
import type { ConfigurationDto, ImportDto, SoarClient } from '@soar-feed/soar-client';
import { PermanentError } from '../contract/errors.js';

/**
 * Imports a configuration and confirms it where the platform waits for that, as IBM's client does. Throws a
 * `PermanentError` with the platform's words if it does not take it, and SoarApiError if it does not answer.
 */
export async function sendImport(
  client: Pick<SoarClient, 'configurations' | 'org'>,
  configuration: ConfigurationDto,
  signal?: AbortSignal,
): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  try {
    const sent = await client.configurations.import(withoutTags(configuration), options);
    const ended = sent.status === 'PENDING' ? await client.configurations.confirm(sent, 'ACCEPTED', options) : sent;
    if (ended.status !== 'ACCEPTED') throw refused(client, wordsOf(ended), undefined);
  } catch (error) {
    if (!SoarApiError.is(error) || error.status !== 400) throw error;
    throw refused(client, [error.message, ...error.hints].join('; '), error);
  }
}

function refused({ org }: Pick<SoarClient, 'org'>, why: string, cause: unknown): PermanentError {
  return new PermanentError(`${org.name} (${org.id}) did not take the import: ${why}`, {
    code: 'import-refused',
    ...(cause === undefined ? {} : { cause }),
  });
}

function wordsOf({ status, messages }: ImportDto): string {
  const words = (messages ?? []).flatMap(({ text }) => text ?? []);
  return [`its status is ${status}`, ...words].join('; ');
}

/** The platform refuses tags of packages that it does not have; IBM's client removes them as well. */
function withoutTags(configuration: ConfigurationDto): ConfigurationDto {
  const text = JSON.stringify(configuration, (key, value: unknown) => (key === 'tags' ? [] : value));
  return JSON.parse(text) as ConfigurationDto;
}
