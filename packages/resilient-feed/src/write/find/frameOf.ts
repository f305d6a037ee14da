import type { FeedEvent } from '@soar-feed/core';
import { htmlToText, readTextArea } from '../../fields/richText.js';
import { childrenOf } from '../../fields/threads.js';
import { isFrame, textOf } from '../TargetObject.js';
import type { TargetObject } from '../TargetObject.js';

/**
 * The counterpart of a deleted note that the source keeps for its replies. All such notes are blank, so it is known by what is
 * below it: of `candidates`, the first frame with a reply of the same text; else the first living note with one, which was deleted
 * since; else the only one, if that is a frame without replies. `notes`: all of the place that have no row.
 */
export function frameOf(
  { payload }: FeedEvent,
  candidates: readonly TargetObject[],
  notes: readonly TargetObject[],
): TargetObject | undefined {
  const texts = new Set(textsBelow(payload));
  const repliesOf = ({ target }: TargetObject): readonly TargetObject[] =>
    notes.filter(({ parentId }) => parentId === target.objectId);
  const [only, ...others] = candidates;
  const isBare = only !== undefined && others.length === 0 && isFrame(only) && repliesOf(only).length === 0;
  const isAbove = (note: TargetObject): boolean => repliesOf(note).some((reply) => texts.has(plain(textOf(reply))));
  const frames = candidates.filter(isFrame);
  return frames.find(isAbove) ?? candidates.find(isAbove) ?? (isBare ? only : undefined);
}

function textsBelow(note: { readonly children?: unknown }): readonly string[] {
  return childrenOf(note)
    .flatMap((reply) => [plain(readTextArea(reply['text'], undefined)?.text ?? ''), ...textsBelow(reply)])
    .filter((text) => text !== '');
}

const plain = (html: string): string => htmlToText(html).trim();
