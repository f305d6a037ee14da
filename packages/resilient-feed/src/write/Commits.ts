/**
 * The running commits of one delivery. The incident's next delivery need not wait for them: the mapping shows their
 * rows already, and the intents of earlier creates are on disk.
 */
export class Commits {
  private readonly all: Promise<void>[] = [];

  add(commit: Promise<void>): void {
    // `done` reports the error, however late it is called.
    commit.catch(() => undefined);
    this.all.push(commit);
  }

  /** Resolves when all commits are durable. */
  async done(): Promise<void> {
    await Promise.all(this.all);
  }

  get pending(): boolean {
    return this.all.length > 0;
  }
}
