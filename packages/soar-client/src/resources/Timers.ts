import type { TimerDto } from '../model/TimerDto.js';
import type { CallOptions } from '../rest/CallOptions.js';
import { aCollection } from '../rest/due.js';
import { listOf } from '../rest/listOf.js';
import type { SoarRest } from '../rest/SoarRest.js';

export class Timers {
  constructor(private readonly rest: SoarRest) {}

  /** The timers of these incidents, asked for with one request. */
  async of(incidentIds: readonly number[], options: CallOptions = {}): Promise<TimerDto[]> {
    return listOf<TimerDto>(await this.rest.query<object>('/timers', incidentIds, { ...options, due: aCollection }));
  }
}
