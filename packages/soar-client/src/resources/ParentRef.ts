/** Notes and attachments hang on an incident or on a task. */
export type ParentRef = { readonly incidentId: number } | { readonly taskId: number };

export function pathOf(parent: ParentRef): string {
  return 'taskId' in parent ? `/tasks/${parent.taskId}` : `/incidents/${parent.incidentId}`;
}
