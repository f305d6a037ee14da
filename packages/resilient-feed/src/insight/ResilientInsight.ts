import type { Clock, Comparison, IncidentView, RecordFilter, TargetInsight, TargetRecord } from '@soar-feed/core';
import { SoarClient } from '@soar-feed/soar-client';
import type { ResilientFeedSettings } from '../config.js';
import { assertAnotherOrg } from '../echo/assertAnotherOrg.js';
import { MappingReader } from '../mapping/MappingReader.js';
import type { Source } from '../TargetOrg.js';
import { toOpenError } from '../toFeedError.js';
import { LossReport } from '../translate/LossReport.js';
import { TargetCatalog } from '../translate/TargetCatalog.js';
import { Translations } from '../translate/Translations.js';
import { ObjectWriters } from '../write/types/ObjectWriters.js';
import { OrgBehaviour } from '../write/types/OrgBehaviour.js';
import { TargetTasks } from '../write/types/TargetTasks.js';
import { Comparer } from './Comparer.js';
import { toRecord } from './toRecord.js';

export interface InsightServices {
  readonly source: Source;
  readonly clock: Clock;
  /** The feed's section in the config file. */
  readonly name: string;
}

/** What the mapping and the target organization show, through connections of its own that only read. */
export class ResilientInsight implements TargetInsight {
  private readonly rows: MappingReader;
  private connected: Promise<{ readonly client: SoarClient; readonly comparer: Comparer }> | undefined;
  private comparer: Comparer | undefined;

  constructor(
    private readonly settings: ResilientFeedSettings,
    private readonly services: InsightServices,
  ) {
    this.rows = new MappingReader(settings.mapping);
  }

  get reads(): number {
    return this.comparer?.reads ?? 0;
  }

  async *records(filter: RecordFilter): AsyncGenerator<TargetRecord> {
    for await (const row of this.rows.search(filter)) yield toRecord(row);
  }

  async compare(view: IncidentView, signal: AbortSignal): Promise<readonly Comparison[]> {
    try {
      this.connected ??= this.connect(signal);
      const { comparer } = await this.connected;
      return await comparer.compare(view, signal);
    } catch (error) {
      throw toOpenError(error, this.services.name, this.settings);
    }
  }

  async close(): Promise<void> {
    const { connected } = this;
    this.connected = undefined;
    const found = await connected?.catch(() => undefined);
    await found?.client.close();
    await this.rows.close();
  }

  private async connect(signal: AbortSignal): Promise<{ readonly client: SoarClient; readonly comparer: Comparer }> {
    const { settings, rows } = this;
    const { source, clock, name } = this.services;
    const client = await SoarClient.connect(settings.connection, { signal });
    try {
      await assertAnotherOrg(client, source, name, signal);
      const catalog = await TargetCatalog.load(client, signal);
      const tasks = new TargetTasks(client, rows, clock);
      // No file is sent, so their size does not matter.
      const writers = new ObjectWriters(client, catalog, new OrgBehaviour(Infinity, Infinity), tasks, clock);
      const { exclude, syncReferenceFields, keepAuthor } = settings;
      const options = { sourceHost: source.host, exclude, syncReferenceFields, keepAuthor };
      const translations = new Translations(catalog, options, new LossReport());
      this.comparer = new Comparer({ rows, writers, translations, settings });
      return { client, comparer: this.comparer };
    } catch (error) {
      await client.close();
      throw error;
    }
  }
}
