import type { HostStatus, StatusReport } from '@soar-feed/core/runtime';
import { healthOf, sharedRedactor } from '@soar-feed/core/runtime';
import {
  renderIncident,
  renderMapping,
  renderOverview,
  renderParked,
  renderParkedRows,
  renderVerify,
} from '@soar-feed/page';
import type {
  Frame,
  Incident,
  IncidentQuery,
  Mapping,
  MappingQuery,
  Notice,
  ParkedCause,
  ParkedRows,
  Verify,
  ViewName,
} from '@soar-feed/page';
import type { PageHost } from './PageHost.js';
import { withState } from '../openState.js';
import { Cached } from './Cached.js';
import { Deeds } from './Deeds.js';
import { idOf } from './idOf.js';
import { explainIncident } from './incidentOf.js';
import { inspecting } from './inspecting.js';
import { searchMapping } from './mappingOf.js';
import { OneByOne } from './OneByOne.js';
import { causesOf, rowsOf } from './parkedOf.js';
import { problemOf } from './problemOf.js';
import { lastVerification } from './verifyOf.js';

/**
 * Every view of one host, as HTML. State and mapping are read on connections of their own, and one question at a time;
 * what many look at is worked out once a second at most.
 */
export class OperatorPage {
  readonly deeds = new Deeds();
  private readonly report: Cached<StatusReport>;
  private readonly overview: Cached<string>;
  private readonly causes: Cached<{ readonly causes: readonly ParkedCause[]; readonly countedAtMs: number }>;
  private readonly verification: Cached<Awaited<ReturnType<typeof lastVerification>>>;
  private readonly questions = new OneByOne();

  constructor(private readonly opened: PageHost) {
    const { host, config } = opened;
    this.report = new Cached(() => host.report());
    this.overview = new Cached(() => this.renderedOverview(undefined));
    this.causes = new Cached(async () => ({
      causes: await withState(config, { readOnly: true }, causesOf),
      countedAtMs: Date.now(),
    }));
    this.verification = new Cached(() => lastVerification(config.file));
  }

  /** Something was changed by hand: what was worked out before does not show it. */
  changed(): void {
    for (const cached of [this.report, this.overview, this.causes]) cached.forget();
  }

  async showOverview(done: string | null): Promise<string> {
    const notice = this.deeds.notice(done);
    return notice === undefined ? this.overview.get() : this.renderedOverview(notice);
  }

  async showParked(cause: Partial<ParkedRows['cause']>, done: string | null): Promise<string> {
    const frame = await this.frame('parked', this.deeds.notice(done));
    const { feed, state, code } = cause;
    try {
      if (state !== undefined) {
        const of = { state, ...(feed === undefined ? {} : { feed }), ...(code === undefined ? {} : { code }) };
        const rows = await this.questions.run(() =>
          withState(this.opened.config, { readOnly: true }, (store) => rowsOf(store, of)),
        );
        return renderParkedRows(frame, clean(rows));
      }
      const parked = { ...(await this.causes.get()), deeds: this.deeds.changes };
      return renderParked(frame, clean(parked), feed);
    } catch (error) {
      const problem = sharedRedactor.redact(problemOf(error));
      return renderParked(frame, { causes: [], countedAtMs: Date.now(), deeds: this.deeds.changes, problem }, feed);
    }
  }

  async showMapping(query: MappingQuery, isSearch: boolean): Promise<string> {
    const frame = await this.frame('mapping');
    const about: Mapping = { query, feeds: this.opened.config.feeds.feedNames };
    if (!isSearch) return renderMapping(frame, about);
    return this.answered<Mapping>(
      () =>
        this.questions.run(() =>
          inspecting(this.opened, { ask: false, feed: query.feed }, async (inspection) => ({
            ...about,
            found: await searchMapping(inspection, query),
          })),
        ),
      (problem) => ({ ...about, problem }),
      (mapping) => renderMapping(frame, mapping),
    );
  }

  /** `ask`: read both servers, too. */
  async showIncident(query: IncidentQuery, ask: boolean): Promise<string> {
    const frame = await this.frame('incident');
    const about: Incident = {
      query,
      feeds: this.opened.config.feeds.feedNames,
      steps: [],
      moreSteps: false,
      asked: ask,
    };
    return this.answered<Incident>(
      async () => {
        const id = idOf('Id', query.id);
        if (id === undefined) return about;
        return this.questions.run(() =>
          inspecting(this.opened, { ask, feed: query.feed }, (inspection, signal) =>
            withState(this.opened.config, { readOnly: true }, async (store) => ({
              ...about,
              ...(await explainIncident(query, id, { inspection, store, signal })),
            })),
          ),
        );
      },
      (problem) => ({ ...about, problem }),
      (incident) => renderIncident(frame, incident),
    );
  }

  async showVerify(cause: string | null): Promise<string> {
    const frame = await this.frame('verify');
    return this.answered<Verify>(
      async () => {
        const last = await this.verification.get();
        return { ...(last === undefined ? {} : { last }), ...(cause === null ? {} : { cause }) };
      },
      (problem) => ({ problem }),
      (verify) => renderVerify(frame, verify),
    );
  }

  /** What stands around a view. */
  async frame(view: ViewName, notice?: Notice): Promise<Frame> {
    const { host } = this.opened;
    const report = await this.report.get();
    const status: HostStatus = host.status();
    const failed = report.feeds.reduce((sum, { parked }) => sum + parked.failed + parked.undecided, 0);
    return clean({
      ...{ view, nowMs: Date.now(), health: healthOf(status), toDecide: failed + report.raw },
      ...(report.source === undefined ? {} : { org: report.source.org }),
      ...(notice === undefined ? {} : { notice }),
    });
  }

  private async renderedOverview(notice: Notice | undefined): Promise<string> {
    const frame = await this.frame('overview', notice);
    return renderOverview(frame, clean({ report: await this.report.get(), history: this.opened.host.history() }));
  }

  /** What was found, or why nothing could be: shown without secrets. */
  private async answered<T>(
    work: () => Promise<T>,
    instead: (problem: string) => T,
    render: (found: T) => string,
  ): Promise<string> {
    const found = await work().catch((error: unknown) => instead(problemOf(error)));
    return render(clean(found));
  }
}

function clean<T>(document: T): T {
  return sharedRedactor.redactAll(document);
}
