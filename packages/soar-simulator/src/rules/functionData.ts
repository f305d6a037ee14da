import type { Bag } from '../org/bag.js';
import type { WriteContext } from '../org/Journal.js';

export interface FunctionInfo {
  readonly id: number;
  readonly name: string;
  readonly displayName: string;
  readonly destination: string;
  readonly uuid: string;
  /** Fields of type `__function`, by name. */
  readonly inputs: readonly string[];
}

/** The FunctionDataDTO of a call from a workflow (a playbook would set `playbook_instance` instead). */
export function functionData(called: FunctionInfo, inputs: Bag, write: WriteContext, instanceId: number): Bag {
  const workflow = {
    workflow_id: 55,
    name: called.displayName,
    programmatic_name: called.name,
    object_type: { id: 0, name: 'incident' },
  };
  return {
    function: {
      id: called.id,
      name: called.name,
      display_name: called.displayName,
      creator: null,
      description: null,
      uuid: null,
      version: null,
      view_items: [],
      workflows: [],
      tags: [],
    },
    groups: [],
    // Inputs without a value are omitted.
    inputs: Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== null)),
    principal: write.actor.dto,
    workflow: { ...workflow, description: null, uuid: null, actions: [], tags: [] },
    workflow_instance: { workflow_instance_id: instanceId, workflow },
    playbook_instance: null,
  };
}
