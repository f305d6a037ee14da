import type { FieldDto, TypeDto } from '../model/TypeDto.js';
import type { CallOptions } from '../rest/CallOptions.js';
import { aCollection, aType, fieldList } from '../rest/due.js';
import { listOf } from '../rest/listOf.js';
import type { SoarRest } from '../rest/SoarRest.js';

/** The schema: types, their fields and the options of selects. */
export class Types {
  constructor(private readonly rest: SoarRest) {}

  /** By type name, with all fields: about 1.5 MB on a real server. */
  all(options: CallOptions = {}): Promise<Readonly<Record<string, TypeDto>>> {
    return this.rest.get('/types', { ...options, due: aCollection });
  }

  get(type: string | number, options: CallOptions = {}): Promise<TypeDto> {
    return this.rest.get(`/types/${encodeURIComponent(type)}`, { ...options, due: aType });
  }

  async fields(type: string | number, options: CallOptions = {}): Promise<FieldDto[]> {
    const answer = await this.rest.get<object>(`/types/${encodeURIComponent(type)}/fields`, {
      ...options,
      due: fieldList,
    });
    return listOf<FieldDto>('fields' in answer && typeof answer.fields === 'object' ? (answer.fields ?? []) : answer);
  }
}
