interface Planned {
  readonly effect: number;
  readonly forMs: number;
  readonly successor: boolean;
}

/** When the host's machine stands still. */
export class Suspensions {
  private readonly planned: Planned[] = [];

  plan(suspension: Planned): void {
    this.planned.push(suspension);
  }

  /** Hears of every effect of the process, by its number. */
  at(number: number): Planned | undefined {
    const at = this.planned.findIndex(({ effect }) => number >= effect);
    return at === -1 ? undefined : this.planned.splice(at, 1)[0];
  }
}
