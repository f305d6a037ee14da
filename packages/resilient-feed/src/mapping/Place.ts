/** Where an object belongs in the target; ids of the target. */
export interface Place {
  readonly incidentId: number;
  /** The task of a task's note or attachment. */
  readonly taskId?: number;
  /** The parent note of a reply, the parent artifact of an artifact. */
  readonly parentId?: number;
}
