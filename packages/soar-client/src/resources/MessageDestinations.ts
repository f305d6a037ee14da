import type { MessageDestinationDto } from '../model/directory.js';
import type { CallOptions } from '../rest/CallOptions.js';
import { aCollection } from '../rest/due.js';
import { listOf } from '../rest/listOf.js';
import type { SoarRest } from '../rest/SoarRest.js';

/** The queues of the organization, and who may read them. */
export class MessageDestinations {
  constructor(private readonly rest: SoarRest) {}

  async all(options: CallOptions = {}): Promise<MessageDestinationDto[]> {
    return listOf<MessageDestinationDto>(
      await this.rest.get<object>('/message_destinations', { ...options, due: aCollection }),
    );
  }
}
