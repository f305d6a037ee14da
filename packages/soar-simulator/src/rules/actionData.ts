import type { Behaviour } from '../behaviour/Behaviour.js';
import type { Bag } from '../org/bag.js';
import type { Change, WriteContext } from '../org/Journal.js';
import type { IncidentRecord, TaskRecord } from '../org/records.js';
import { taskView } from '../org/objects/views.js';
import type { Schema } from '../org/schema/Schema.js';
import { rowValues, typeInfo } from './typeInfo.js';

/** The keys for objects; those that do not apply are null (older servers omit them). */
const objectKeys = ['artifact', 'attachment', 'emailmessage', 'incident', 'milestone', 'note', 'row', 'task'];

/** The ActionDataDTO of an automatic rule. */
export function actionData(
  ruleId: number,
  change: Change,
  write: WriteContext,
  schema: Schema,
  behaviour: Behaviour,
): Bag {
  const type = schema.type(change.type);
  const object = inMessage(change.type, change.object());
  const types: Bag = { [change.type]: typeInfo(type, type.isTable ? rowValues(type, object) : object) };
  const incident = incidentInMessage(change.incident);
  if (change.type !== 'incident' && behaviour.incidentTypeInfo === 'all-messages')
    types['incident'] = typeInfo(schema.type('incident'), incident);
  const objects: Bag = { incident };
  if (change.task) objects['task'] = taskInMessage(change.task);
  // The key is the type's name without leading underscores.
  objects[type.isTable ? 'row' : change.type.replace(/^_+/, '')] = object;
  return {
    action_id: ruleId,
    object_type: type.id,
    operation_type: change.operation,
    ...allObjects(objects, behaviour),
    type_info: types,
    properties: {},
    ...actorPart(write),
  };
}

/** The ActionDataDTO of a menu rule: activity fields in `properties`. */
export function menuActionData(
  ruleId: number,
  record: IncidentRecord,
  properties: Bag,
  write: WriteContext,
  schema: Schema,
  behaviour: Behaviour,
): Bag {
  const incident = incidentInMessage(record);
  const operation = { missing: {}, null: { operation_type: null }, modified: { operation_type: 'modified' } };
  return {
    action_id: ruleId,
    object_type: 0,
    ...operation[behaviour.menuRuleOperation],
    ...allObjects({ incident }, behaviour),
    type_info: {
      incident: typeInfo(schema.type('incident'), incident),
      actioninvocation: typeInfo(schema.type('actioninvocation'), { properties }),
    },
    properties,
    ...actorPart(write),
  };
}

function allObjects(present: Bag, behaviour: Behaviour): Bag {
  if (behaviour.messageNulls === 'omitted') return present;
  return { ...Object.fromEntries(objectKeys.map((key) => [key, null])), ...present };
}

function actorPart({ actor }: WriteContext): Bag {
  return {
    principal: actor.dto,
    user: actor.user,
    workflow: null,
    workflow_instance: null,
    playbook_instance: null,
    groups: [],
  };
}

function inMessage(type: string, object: Bag): Bag {
  if (type === 'incident') return { ...object, perms: null };
  return type === 'task' ? blankCounts(object) : object;
}

function incidentInMessage(record: IncidentRecord): Bag {
  return { ...record.dto, perms: null };
}

function taskInMessage(record: TaskRecord): Bag {
  return blankCounts(taskView(record));
}

/** Empty in queue messages (IBM Data Feed guide). */
function blankCounts(task: Bag): Bag {
  return { ...task, perms: null, notes_count: null, attachments_count: null, at_id: null, task_layout: null };
}
