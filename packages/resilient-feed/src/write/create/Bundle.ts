import type { FeedEvent } from '@soar-feed/core';
import type { IncidentDto } from '@soar-feed/soar-client';
import type { Intent } from '../../mapping/Intent.js';
import type { TranslatedField } from '../../fields/TranslatedField.js';
import { isEmptyHanded } from '../Along.js';
import type { Along } from '../Along.js';
import type { BundledKind } from './BundleSupport.js';

/** One note or artifact on its way inside the create of its incident. */
export interface Bundled {
  readonly kind: BundledKind;
  readonly event: FeedEvent;
  readonly fields: readonly TranslatedField[];
  /** As it stands in the incident's body. */
  readonly body: object;
  readonly intent: Intent;
}

export const KINDS: readonly BundledKind[] = ['comments', 'artifacts'];

/** The notes and artifacts that travel inside the create of one incident. */
export class Bundle implements Along {
  readonly lists: Along['lists'];
  readonly intents: readonly Intent[];
  readonly unwritten = [];
  /** Of this very create; absent while it is not answered. */
  private outcome: { readonly answer: IncidentDto; readonly refused: boolean } | undefined;

  constructor(
    readonly objects: readonly Bundled[],
    private readonly onStumbled: (kinds: readonly BundledKind[]) => void = () => undefined,
  ) {
    this.intents = objects.map(({ intent }) => intent);
    this.lists = Object.fromEntries(this.kinds.map((kind) => [kind, this.of(kind).map(({ body }) => body)]));
  }

  get kinds(): readonly BundledKind[] {
    return KINDS.filter((kind) => this.of(kind).length > 0);
  }

  of(kind: BundledKind): readonly Bundled[] {
    return this.objects.filter((one) => one.kind === kind);
  }

  /** The answer that made the incident; `refused`: without them. */
  get known(): { readonly answer: IncidentDto; readonly refused: boolean } | undefined {
    return this.outcome;
  }

  made(answer: IncidentDto, refused: boolean): void {
    this.outcome = { answer, refused };
  }

  stumbled(): void {
    this.onStumbled(this.kinds);
  }
}

/** Several things that travel along; those of the first come first. */
export function together(parts: readonly Along[]): Along {
  const others = (): boolean => parts.filter((part) => !isEmptyHanded(part)).length > 1;
  const all = (kind: BundledKind): Along['lists'] => {
    const list = parts.flatMap(({ lists }) => lists[kind] ?? []);
    return list.length === 0 ? {} : { [kind]: list };
  };
  return {
    lists: { ...all('comments'), ...all('artifacts') },
    intents: parts.flatMap(({ intents }) => intents),
    unwritten: parts.flatMap(({ unwritten }) => unwritten),
    made: (answer, refused) => parts.forEach((part) => part.made(answer, refused, others())),
    stumbled: () => parts.forEach((part) => part.stumbled(others())),
  };
}
