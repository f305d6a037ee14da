import { ownValue, parseJson, writeJson } from '@soar-feed/core';
import type { PlannedRequest } from '@soar-feed/core';
import type { Answer, Interceptor, SoarRequest } from '@soar-feed/soar-client';
import { fieldsOf } from './fieldsOf.js';
import { NewIds } from './NewIds.js';
import { Overlay } from './Overlay.js';
import type { Bag } from './Overlay.js';
import { placeOfChanged, placeOfNew } from './placesOf.js';

type Send = (instead?: SoarRequest) => Promise<Answer>;

/** Everything of an organization is below this. */
const ORG = /^(?:.*?)\/rest\/orgs\/\d+(?=\/|$)/;

/** What the create of an incident may bring with it. */
const BUNDLED = ['comments', 'artifacts'] as const;

/** Tasks that the platform makes by itself are known only once it has made them. */
const OWN_TASK = 'if the target makes this task by itself with its incident, that one is taken and changed instead';

/**
 * The target organization as a rehearsal sees it: reads go through, writes are recorded and answered as the platform
 * would, and later reads show them.
 */
export class RehearsedOrg {
  private readonly ids = new NewIds();
  private readonly overlay = new Overlay();

  constructor(
    private readonly record: (request: PlannedRequest) => void,
    /** The id of a data table's column, under which the platform shows its cells. */
    private readonly columnId: (table: string, column: string) => number | undefined,
  ) {}

  readonly intercept: Interceptor = async (request, send) => {
    return request.effect === 'read' ? this.read(request, send) : this.write(request, send);
  };

  private async read(request: SoarRequest, send: Send): Promise<Answer> {
    const path = belowOrg(request);
    if (request.method !== 'GET' || path === undefined) return send(request);
    if (this.overlay.isDeleted(path)) return notFound();
    if (path.split('/').some((part) => this.ids.has(part))) {
      const found = this.overlay.newAt(path);
      return found === undefined ? notFound() : answer(200, found);
    }
    const given = await send(request);
    if (given.status !== 200 || given.stream !== undefined || !this.overlay.touches(path)) return given;
    return { ...given, text: writeJson(this.overlay.over(path, parseJson(given.text))) };
  }

  private async write(request: SoarRequest, send: Send): Promise<Answer> {
    const path = belowOrg(request) ?? request.path;
    if (request.method === 'POST') return this.make(request, path);
    const { own, list, id } = placeOfChanged(path);
    const before = await this.standing({ own, list, id }, request, send);
    if (request.method === 'DELETE') {
      const isKept = path.startsWith('/tasks/') && before?.['custom'] === false;
      this.tell(request, before, isKept ? { remark: 'the target keeps it, because it made it by itself' } : {});
      if (isKept) return answer(400, { success: false, message: 'The task cannot be deleted.' });
      this.overlay.delete(own);
      return answer(200, { success: true });
    }
    this.tell(request, before);
    const fields = request.method === 'PATCH' ? patched(request, before) : (request.body as Bag);
    const version = ownValue(before, 'version');
    const next = typeof version === 'number' ? { version: version + 1 } : {};
    this.overlay.change(own, { ...fields, ...next });
    if (request.method === 'PATCH') return answer(200, { success: true, field_failures: [] });
    return answer(200, { ...before, ...fields, ...next, id });
  }

  private make(request: SoarRequest, path: string): Answer {
    const id = this.ids.next();
    const place = placeOfNew(path, id);
    const body = objectIn(request);
    const isTask = /^\/incidents\/\d+\/tasks$/.test(path) && this.ids.has(path.split('/')[2]);
    this.tell(request, undefined, { makes: this.ids.nameOf(id), ...(isTask ? { remark: OWN_TASK } : {}) });
    const { name, size } = request.upload?.file ?? {};
    const file = path.endsWith('/attachments') ? { name, size } : {};
    const own = place.list.includes('/table_data/') ? { version: 1 } : {};
    const dto = { ...file, ...body, ...own, id };
    this.overlay.make(place, dto);
    if (path === '/incidents') return answer(200, { vers: 1, ...dto, tasks: [], ...this.makeAlong(dto) });
    return answer(200, path.endsWith('/artifacts') ? [dto] : dto);
  }

  /** The notes and artifacts inside the create of an incident. */
  private makeAlong(incident: Bag & { readonly id: number }): Bag {
    const lists = BUNDLED.flatMap((name) => {
      const sent = incident[name];
      if (!Array.isArray(sent)) return [];
      return [[name, sent.map((one) => this.makeIn(`/incidents/${incident.id}/${name}`, one as Bag))] as const];
    });
    return Object.fromEntries(lists);
  }

  private makeIn(list: string, body: Bag): Bag {
    const id = this.ids.next();
    const dto = { ...body, id };
    this.overlay.make({ list, own: `${list}/${id}` }, dto);
    return dto;
  }

  /** The object as it is now; `undefined` if that cannot be read. */
  private async standing(
    { own, list, id }: { readonly own: string; readonly list?: string | undefined; readonly id: number },
    request: SoarRequest,
    send: Send,
  ): Promise<Bag | undefined> {
    const { path, signal } = request;
    const root = path.slice(0, path.length - own.length);
    const get = { method: 'GET', path: `${root}${list ?? own}`, effect: 'read', signal } as const;
    const given = await this.read(get, send);
    if (given.status !== 200) return undefined;
    const body = parseJson(given.text);
    if (list === undefined) return body as Bag;
    const items = ownValue(body, 'rows') ?? body;
    const item = Array.isArray(items) ? found(items as readonly Bag[], id) : undefined;
    const { cells } = (request.body ?? {}) as { readonly cells?: object };
    return item === undefined || cells === undefined ? item : this.withNames(item, list, Object.keys(cells));
  }

  /** A row whose cells have the names of their columns. */
  private withNames(row: Bag, list: string, columns: readonly string[]): Bag {
    const table = decodeURIComponent(list.slice(list.lastIndexOf('/') + 1));
    const cells = columns.map((column) => {
      return [column, ownValue(row['cells'], column) ?? ownValue(row['cells'], String(this.columnId(table, column)))];
    });
    return { ...row, cells: Object.fromEntries(cells) as Bag };
  }

  private tell(
    request: SoarRequest,
    before: Bag | undefined,
    more: Pick<PlannedRequest, 'makes' | 'remark'> = {},
  ): void {
    const { method, path, query = {}, upload } = request;
    const body = bodyOf(request);
    const { name, contentType, size } = upload?.file ?? {};
    const asked = Object.entries(query).filter(([, value]) => value !== undefined);
    this.record({
      ...{ method, path: this.ids.inPath(path) },
      ...(asked.length === 0 ? {} : { query: Object.fromEntries(asked) }),
      ...(body === undefined ? {} : { body: this.ids.inValue(body) }),
      ...(name === undefined
        ? {}
        : { file: { name, ...(contentType && { contentType }), ...(size !== undefined && { size }) } }),
      ...more,
      fields: fieldsOf({ method, body: this.ids.inValue(objectIn(request)) }, before),
    });
  }
}

function belowOrg({ path }: SoarRequest): string | undefined {
  return ORG.test(path) ? path.replace(ORG, '') : undefined;
}

/** What is sent besides the file. */
function bodyOf({ body, upload }: SoarRequest): unknown {
  if (upload === undefined) return body;
  const parts = Object.entries(upload.fields);
  const isJson = (type = ''): boolean => type.startsWith('application/json');
  return Object.fromEntries(
    parts.map(([name, { text, contentType }]) => [name, isJson(contentType) ? parseJson(text) : text]),
  );
}

/** The object that a request describes: of a file artifact, its part `artifact`. */
function objectIn(request: SoarRequest): Bag | undefined {
  const body = bodyOf(request) as Bag | undefined;
  return request.upload === undefined ? body : ((ownValue(body, 'artifact') as Bag | undefined) ?? body);
}

/** The fields that a PATCH sets, where the object has them. */
function patched(request: SoarRequest, before: Bag | undefined): Bag {
  const custom: Record<string, unknown> = {};
  const fields: Record<string, unknown> = {};
  for (const { name, value } of fieldsOf(request, undefined)) {
    const bare = name.replace(/^properties\./, '');
    const isCustom = bare !== name || ownValue(ownValue(before, 'properties'), bare) !== undefined;
    (isCustom ? custom : fields)[bare] = value;
  }
  return { ...fields, ...(Object.keys(custom).length === 0 ? {} : { properties: custom }) };
}

/** Also among the replies of notes. */
function found(items: readonly Bag[], id: number): Bag | undefined {
  for (const item of items) {
    if (item['id'] === id) return item;
    const { children } = item;
    const below = Array.isArray(children) ? found(children as readonly Bag[], id) : undefined;
    if (below !== undefined) return below;
  }
  return undefined;
}

function notFound(): Answer {
  return answer(404, { success: false, title: null, message: 'There is no such object.', hints: [] });
}

function answer(status: number, body: unknown): Answer {
  return { status, headers: {}, cookies: [], text: writeJson(body), discard: () => undefined };
}
