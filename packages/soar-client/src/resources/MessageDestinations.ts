import type { MessageDestinationDto } from '../model/directory.js';
import type { CallOptions, WriteOptions } from '../rest/CallOptions.js';
import { aCollection, anObjectWithId } from '../rest/due.js';
import { listOf } from '../rest/listOf.js';
import type { SoarRest } from '../rest/SoarRest.js';
import { updateWithVersion } from '../rest/updateWithVersion.js';

/** The queues of the organization, and who may read them. */
export class MessageDestinations {
  constructor(private readonly rest: SoarRest) {}

  async all(options: CallOptions = {}): Promise<MessageDestinationDto[]> {
    return listOf<MessageDestinationDto>(
      await this.rest.get<object>('/message_destinations', { ...options, due: aCollection }),
    );
  }

  /** Reads, changes and puts; again, up to 5 times, when somebody wrote in between. */
  update(
    id: number,
    change: (current: MessageDestinationDto) => object | undefined,
    options: WriteOptions = {},
  ): Promise<MessageDestinationDto> {
    const path = `/message_destinations/${id}`;
    return updateWithVersion(
      () => this.rest.get<MessageDestinationDto>(path, { signal: options.signal, due: anObjectWithId }),
      change,
      (body) => this.rest.put(path, body, { ...options, due: anObjectWithId }),
    );
  }
}
