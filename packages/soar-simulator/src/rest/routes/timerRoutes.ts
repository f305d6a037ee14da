import { noObject } from '../../org/PlatformError.js';
import { asBag } from '../../org/bag.js';
import { valueOf } from '../../org/FieldWriter.js';
import { isTracked } from '../../org/schema/schemaDto.js';
import { showValue } from '../../org/values/showValue.js';
import type { Call } from '../Call.js';
import type { OrgRoutes } from '../OrgRoutes.js';

/** How long each tracked field of an incident has had its value. The simulator keeps only the present value. */
export function timerRoutes(routes: OrgRoutes): void {
  routes.post('/timers', (call) => ({ entities: call.idList.map((id) => timerBody(call, id)) }));
}

function timerBody(call: Call, id: number) {
  const { dto } = call.state.incidents.get(id) ?? fail(noObject(id));
  const type = call.state.schema.type('incident');
  const tracked = Array.from(type.fields.values()).filter((field) => isTracked(field, type));
  const seconds = Math.floor((call.state.now() - dto.create_date) / 1000);
  const names = { handles: 'names', richTextObjects: false } as const;
  return {
    referenceObject: { object_id: id, object_name: dto.name, type_id: type.id, type_name: type.name, parent: null },
    timer_fields: tracked.map((field) => ({
      field_name: field.name,
      field_label: field.text,
      field_values: [
        {
          field_value: showValue(field, valueOf(field, asBag(dto)), names, call.state.people),
          duration_in_seconds: seconds,
          running: dto.plan_status === 'A',
        },
      ],
    })),
  };
}

function fail(error: Error): never {
  throw error;
}
