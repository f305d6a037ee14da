/**
 * What of one delivery is still being committed to the mapping. The next delivery of the incident need not wait for it:
 * the mapping shows it already, and the intents before it are durable.
 */
export class Commits {
  private readonly all: Promise<void>[] = [];

  add(commit: Promise<void>): void {
    // Heard of by `done`, however late that is asked.
    commit.catch(() => undefined);
    this.all.push(commit);
  }

  /** Resolves when all of it is durable. */
  async done(): Promise<void> {
    await Promise.all(this.all);
  }

  get pending(): boolean {
    return this.all.length > 0;
  }
}
