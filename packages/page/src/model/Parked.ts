import type { ParkState } from '@soar-feed/core';

/** Which rows a change touches: the selection that the command `parked` takes, too. */
export interface Choice {
  readonly feed?: string;
  readonly state?: ParkState;
  readonly code?: string;
  readonly type?: string;
  readonly incidentId?: number;
  readonly objectId?: number;
  /** One raw message. */
  readonly messageId?: string;
}

/** What can be done about rows: nothing if they come back by themselves. */
export interface Remedy {
  readonly choice: Choice;
  /** `decision`: a retry creates the objects, even if the target already has them. */
  readonly retry: 'plain' | 'decision' | 'none';
  /** How many rows a drop ends: those that wait for them go with them. 0: none is offered. */
  readonly drops: number;
}

/** The rows that are parked for one cause. */
export interface ParkedCause {
  /** Absent for raw messages. */
  readonly feed?: string;
  readonly state: ParkState;
  readonly code?: string;
  readonly rows: number;
  /** Rows that wait for one of these. */
  readonly waitingBehind: number;
  readonly oldest: { readonly row: string; readonly parkedAtMs: number; readonly why: string };
  readonly remedy: Remedy;
}

/** One row of a cause. */
export interface ParkedLine {
  /** `org/incident/type/id`, or the id of a raw message. */
  readonly row: string;
  /** Absent for raw messages. */
  readonly object?: { readonly type: string; readonly id: number; readonly incidentId: number };
  readonly parkedAtMs: number;
  readonly why: string;
  readonly remedy: Remedy;
}

/** What a person did on this page since the host started, the latest first. */
export interface Deed {
  readonly atMs: number;
  readonly text: string;
}

export interface Parked {
  readonly causes: readonly ParkedCause[];
  readonly deeds: readonly Deed[];
  /** When the causes were counted: they are not counted anew for every look. */
  readonly countedAtMs: number;
  /** Why they could not be counted. */
  readonly problem?: string;
}

/** The rows of one cause. */
export interface ParkedRows {
  readonly cause: Pick<ParkedCause, 'feed' | 'state' | 'code'>;
  readonly lines: readonly ParkedLine[];
  /** There are more than are shown. */
  readonly more: boolean;
}
