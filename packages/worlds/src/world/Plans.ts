/** What is to happen at an effect of the process, by its number. */
export class Plans<Plan extends { readonly effect: number }> {
  private readonly plans: Plan[] = [];

  add(plan: Plan): void {
    this.plans.push(plan);
  }

  /** Takes the first one that is due at this effect. */
  due(effect: number, may: (plan: Plan) => boolean = () => true): Plan | undefined {
    const at = this.plans.findIndex((plan) => effect >= plan.effect && may(plan));
    return at === -1 ? undefined : this.plans.splice(at, 1)[0];
  }
}
