import type { Decision } from '../decide/Decision.js';
import type { EchoSign } from '../echo/Echoes.js';
import { mappingOf } from '../mapping/lookUp.js';
import type { TargetOrg } from '../TargetOrg.js';
import type { Translations } from '../translate/Translations.js';
import { IbmRows } from '../write/find/IbmRows.js';
import { jobOf } from './Work.js';
import type { Work } from './Work.js';

type Mark = (Decision & { readonly do: 'skip' })['mark'];

/** Records a skipped event in the mapping, for the events after it. */
export class Skipping {
  private readonly ibmRows: IbmRows;

  constructor(
    private readonly org: TargetOrg,
    private readonly translations: Translations,
  ) {
    this.ibmRows = new IbmRows(org);
  }

  async mark(mark: Mark, work: Work, echo: EchoSign | undefined): Promise<void> {
    const { rows } = this.org;
    const { key } = work.event;
    const { mapping } = work.known;
    switch (mark) {
      case 'filtered':
        // An incident that was deleted and is back: its objects must come again if it ever matches.
        return mapping === undefined ? rows.mark(key, 'filtered') : rows.unmatch(key);
      case 'replica':
        return rows.mark(key, 'filtered', { replica: echo === 'note' ? 'note' : true });
      case 'frozen':
        return rows.flag(key, { ...mapping?.flags, frozen: true });
      case 'delete-due':
        return this.deleteLater(work);
      case undefined:
        return undefined;
    }
  }

  private async deleteLater(work: Work): Promise<void> {
    const { rows } = this.org;
    const { key } = work.event;
    const mapping = mappingOf(work.known);
    const kept = await this.ibmRows.kept(jobOf(work, this.translations.of(work.event).fields), mapping);
    return kept === undefined ? rows.mark(key, 'deleted') : rows.flag(key, { ...mapping.flags, deleteDue: true });
  }
}
