import type { SoarClient, TimerDto } from '@soar-feed/soar-client';
import type { TimeSeriesSettings } from '../config/feedsSection.js';
import { matchesWildcard } from '../config/matchesWildcard.js';
import type { FeedEvent } from '../contract/FeedEvent.js';
import type { FieldTime } from '../contract/FieldTime.js';
import type { Logger } from '../contract/Logger.js';
import { isIncident } from '../contract/ObjectKey.js';
import { messageOf } from '../trouble/messageOf.js';

/** Incidents per request. */
const MOST = 50;

interface Asked {
  readonly incidentId: number;
  readonly answer: (times: readonly FieldTime[] | undefined) => void;
}

/**
 * Asks the source how long the fields of incidents have had their values. What is asked for while a request is under way
 * goes with the next one. A source that does not give them costs no event: it goes on without (with IBM's feed, the incident
 * is lost for all feeds).
 */
export class TimeSeries {
  private readonly known = new WeakMap<FeedEvent, Promise<readonly FieldTime[] | undefined>>();
  private waiting: Asked[] = [];
  private busy = false;
  private isSilent = false;

  constructor(
    private readonly client: Pick<SoarClient, 'timers'>,
    private readonly settings: TimeSeriesSettings,
    private readonly log: Logger,
  ) {}

  /** The event with its incident's time series, where the settings ask for it; one request for all feeds. */
  async addTo(event: FeedEvent): Promise<FeedEvent> {
    if (!this.wants(event)) return event;
    let asked = this.known.get(event);
    if (asked === undefined) this.known.set(event, (asked = this.ask(event.key.incidentId)));
    const timeSeries = await asked;
    return timeSeries === undefined ? event : { ...event, timeSeries };
  }

  private wants({ key, operation, payload }: FeedEvent): boolean {
    const { of } = this.settings;
    if (of === 'never' || operation === 'delete' || !isIncident(key)) return false;
    return of === 'always' || payload.plan_status === 'C';
  }

  private ask(incidentId: number): Promise<readonly FieldTime[] | undefined> {
    return new Promise((answer) => {
      this.waiting.push({ incidentId, answer });
      if (!this.busy) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.busy = true;
    while (this.waiting.length > 0) {
      const asked = this.waiting.splice(0, MOST);
      const found = await this.read([...new Set(asked.map(({ incidentId }) => incidentId))]);
      for (const { incidentId, answer } of asked) answer(found?.get(incidentId));
    }
    this.busy = false;
  }

  private async read(ids: readonly number[]): Promise<ReadonlyMap<number, readonly FieldTime[]> | undefined> {
    try {
      const found = await this.client.timers.of(ids);
      this.isSilent = false;
      return new Map(found.map((timer) => [timer.referenceObject.object_id, this.timesOf(timer)]));
    } catch (error) {
      const line = `The source does not give the time series; incidents go on without: ${messageOf(error)}`;
      if (this.isSilent) this.log.debug(line);
      else this.log.warn(line, { event: 'source.unread' });
      this.isSilent = true;
      return undefined;
    }
  }

  private timesOf({ timer_fields: fields = [] }: TimerDto): readonly FieldTime[] {
    const wanted = fields.filter(({ field_name: name }) =>
      this.settings.fields.some((pattern) => matchesWildcard(pattern, name)),
    );
    return wanted.flatMap(({ field_name: field, field_values: values = [] }) =>
      values.map(({ field_value: value, duration_in_seconds: seconds, running }): FieldTime => ({
        field,
        value: labelOf(value),
        seconds,
        running: running === true,
      })),
    );
  }
}

function labelOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'name' in value) return String(value.name);
  return value === null || value === undefined ? '' : String(value);
}
