import { assets, renderRefused, ROOT, securityHeaders, VIEWS, pathOf } from '@soar-feed/page';
import { PARKED_STATES } from '../selection.js';
import type { Asked, Reply, Routes } from '../http/serveRoutes.js';
import type { PageHost } from './PageHost.js';
import { changeOf, makeChange } from './changes.js';
import { incidentQueryOf } from './incidentOf.js';
import { isOwnForm } from './isOwnForm.js';
import { mappingQueryOf } from './mappingOf.js';
import { OperatorPage } from './OperatorPage.js';
import type { PageDoor } from './PageDoor.js';

/** The page for operators. Anybody on this machine may read it; every change, and every question to the servers, needs the token. */
export function pageRoutes(opened: PageHost, door: PageDoor): Routes {
  const page = new OperatorPage(opened);
  /** Runs `work` if the form is our own and holds the token. */
  const guarded = async (body: unknown, { headers }: Asked, work: (form: Form) => Promise<Reply>): Promise<Reply> => {
    const form = formOf(body);
    const refuse = async (title: string, forgetToken = false): Promise<Reply> =>
      shown(renderRefused(await page.frame('overview'), title, { back: backOf(form), forgetToken }), 403);
    if (!isOwnForm(headers)) return refuse('This form did not come from this page: nothing was changed.');
    if (!door.accepts(form['token'])) {
      opened.log.warn('The page refused a change: the token was not right.', { event: 'page.refused' });
      return refuse('The token is not right: nothing was changed. "soar-feed page" prints it.', true);
    }
    return work(form);
  };
  return {
    'GET /': () => seeOther(ROOT),
    [`GET ${ROOT}`]: async (_, { query }) => shown(await page.showOverview(query.get('done'))),
    [`GET ${pathOf('parked')}`]: async (_, { query }) =>
      shown(await page.showParked(causeOf(query), query.get('done'))),
    [`GET ${pathOf('mapping')}`]: async (_, { query }) =>
      shown(await page.showMapping(mappingQueryOf(query), query.size > 0)),
    [`GET ${pathOf('incident')}`]: async (_, { query }) =>
      shown(await page.showIncident(incidentQueryOf(query), false)),
    [`GET ${pathOf('verify')}`]: async (_, { query }) => shown(await page.showVerify(query.get('cause'))),
    [`POST ${pathOf('incident')}`]: (body, asked) =>
      guarded(body, asked, async (form) =>
        shown(await page.showIncident(incidentQueryOf(new URLSearchParams(form)), true)),
      ),
    [`POST ${ROOT}/change`]: (body, asked) =>
      guarded(body, asked, async (form) => {
        const change = changeOf(form['do']);
        if (change === undefined)
          return shown(renderRefused(await page.frame('overview'), 'That is no change.', { back: backOf(form) }), 400);
        const { kind, text, isChange } = await makeChange(change, opened);
        if (isChange) page.changed();
        const back = backOf(form);
        return seeOther(`${back}${back.includes('?') ? '&' : '?'}done=${page.deeds.add(kind, text, isChange)}`);
      }),
    ...Object.fromEntries(
      [...assets].map(([name, { content, contentType }]) => [
        `GET ${ROOT}/${name}`,
        (): Reply => ({ status: 200, body: content, contentType, headers: securityHeaders }),
      ]),
    ),
  };
}

type Form = Readonly<Record<string, string>>;

/** A JSON body is no form: no page can send one here unnoticed, and nobody needs to. */
function formOf(body: unknown): Form {
  const entries = Object.entries({ ...(body as Readonly<Record<string, unknown>>) });
  return Object.fromEntries(entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}

function shown(html: string, status = 200): Reply {
  return { status, body: html, contentType: 'text/html; charset=utf-8', headers: securityHeaders };
}

function seeOther(location: string): Reply {
  return { status: 303, body: '', headers: { ...securityHeaders, location } };
}

/** Only to one of our own views: a form must not send its reader elsewhere. */
function backOf({ back = '' }: Form): string {
  const [path = '', query] = back.split('?', 2);
  if (!VIEWS.some((view) => pathOf(view) === path)) return ROOT;
  const clean = new URLSearchParams(query);
  clean.delete('done');
  return clean.size === 0 ? path : `${path}?${clean.toString()}`;
}

function causeOf(query: URLSearchParams) {
  const [feed, code] = ['feed', 'code'].map((name) => query.get(name) ?? undefined);
  const state = PARKED_STATES.find((one) => one === query.get('state'));
  return {
    ...(state === undefined ? {} : { state }),
    ...(feed === undefined ? {} : { feed }),
    ...(code === undefined ? {} : { code }),
  };
}
