import type { Deed, Notice } from '@soar-feed/page';

const KEPT = 50;

interface Kept extends Deed {
  readonly id: string;
  readonly kind: Notice['kind'];
  readonly isChange: boolean;
}

/** What was done from the page since the host started. A redirect names one of them, so no link can put words there. */
export class Deeds {
  private readonly kept: Kept[] = [];
  private made = 0;

  /** Returns the name of what was done. */
  add(kind: Notice['kind'], text: string, isChange = true): string {
    this.made += 1;
    const id = String(this.made);
    this.kept.unshift({ id, kind, text, atMs: Date.now(), isChange });
    this.kept.splice(KEPT);
    return id;
  }

  notice(id: string | null): Notice | undefined {
    const found = this.kept.find((deed) => deed.id === id);
    return found === undefined ? undefined : { kind: found.kind, text: found.text };
  }

  /** The latest first. */
  get changes(): readonly Deed[] {
    return this.kept.filter(({ isChange }) => isChange).map(({ atMs, text }) => ({ atMs, text }));
  }
}
