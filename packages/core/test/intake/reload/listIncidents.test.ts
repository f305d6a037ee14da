import { describe, expect, it } from '@jest/globals';
import { StoppingError } from '../../../src/contract/errors.js';
import { listIncidents } from '../../../src/intake/reload/listIncidents.js';
import type { ListedPage } from '../../../src/intake/reload/listIncidents.js';
import type { Incident, IncidentSource } from '../../../src/source/incidents/IncidentSource.js';
import { SourceTime } from '../../../src/source/SourceTime.js';
import { systemClock } from '../../../src/host/systemClock.js';

type Answer = readonly unknown[] | Error;

/** A source whose pages, ids and incidents are answered one after the other; what is not listed is nothing. */
function sourceOf(answers: {
  readonly pages: readonly Answer[];
  readonly ids?: readonly Answer[];
  readonly incidents?: Readonly<Record<number, Error>>;
}) {
  const calls: string[] = [];
  const left = { pages: [...answers.pages], ids: [...(answers.ids ?? [])] };
  const next = (from: Answer[]): readonly unknown[] => {
    const answer = from.shift() ?? [];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const source = {
    list: () => ({
      page: async (fromId: number) => {
        calls.push(`page ${fromId}`);
        return { incidents: next(left.pages).map((id) => ({ id }) as Incident) };
      },
      restart: () => void calls.push('restart'),
    }),
    ids: async () => {
      calls.push('ids');
      return next(left.ids) as readonly number[];
    },
    incident: async (id: number) => {
      const fault = answers.incidents?.[id];
      if (fault !== undefined) throw fault;
      return { id } as Incident;
    },
  } as unknown as IncidentSource;
  return { source, calls };
}

const time = new SourceTime(systemClock, undefined);

/** Each stretch as `from-to: ids` and its faults; no more than a test can need. */
async function listed(source: IncidentSource, query: { minId?: number; maxId?: number } = {}) {
  const stretches: (readonly unknown[])[] = [];
  const brief = ({ fromId, toId, incidents, faults }: ListedPage) =>
    stretches.push([`${fromId}-${toId}: ${incidents.map(({ id }) => id).join()}`, ...faults]);
  for await (const page of listIncidents({ pageSize: 10, ...query }, source, time)) {
    brief(page);
    if (stretches.length > 8) throw new Error('it does not come to an end');
  }
  return stretches;
}

const away = new Error('away');

describe('the list of incidents', () => {
  it('has no gap between its stretches, and ends after the last incident, in one walk', async () => {
    const { source, calls } = sourceOf({ pages: [[3, 5], [9], []] });
    expect(await listed(source)).toEqual([['0-5: 3,5'], ['6-9: 9'], ['10-Infinity: ']]);
    expect(calls).toEqual(['page 0', 'page 6', 'page 10']);
  });

  it('asks for nothing beyond its last id', async () => {
    const { source, calls } = sourceOf({ pages: [[3], [7]] });
    expect(await listed(source, { minId: 2, maxId: 7 })).toEqual([['2-3: 3'], ['4-7: 7']]);
    expect(calls).toHaveLength(2);
  });

  it('begins a new walk after something that is not an id', async () => {
    const { source, calls } = sourceOf({ pages: [[3, 'x'], [], []] });
    const fault = { message: expect.stringContaining('x') };
    expect(await listed(source)).toEqual([['0-3: 3', fault], ['4-Infinity: ']]);
    expect(calls).toEqual(['page 0', 'restart', 'page 4']);
  });

  it('reads a page that fails incident by incident, in a new walk afterwards', async () => {
    const { source, calls } = sourceOf({ pages: [away, []], ids: [[2, 4]], incidents: { 4: away } });
    expect(await listed(source)).toEqual([['0-4: 2', { incidentId: 4, message: 'away' }], ['5-Infinity: ']]);
    expect(calls).toEqual(['page 0', 'ids', 'restart', 'page 5']);
  });

  it('ends where a page that fails turns out to be the last', async () => {
    const { source } = sourceOf({ pages: [[1], away], ids: [[]] });
    expect(await listed(source)).toEqual([['0-1: 1'], ['2-Infinity: ']]);
  });

  it('throws what the first page throws if not even its ids can be listed', async () => {
    await expect(listed(sourceOf({ pages: [away], ids: [away] }).source)).rejects.toBe(away);
  });

  it('passes over stretches that cannot be listed, and gives up the rest at the third in a row', async () => {
    const ids = [away, away, away];
    const { source, calls } = sourceOf({ pages: [[5], away, away, away], ids });
    const lost = (minIncidentId: number, maxIncidentId?: number) => ({
      ...{ minIncidentId, message: 'away' },
      ...(maxIncidentId === undefined ? {} : { maxIncidentId }),
    });
    expect(await listed(source)).toEqual([
      ['0-5: 5'],
      ['6-15: ', lost(6, 15)],
      ['16-25: ', lost(16, 25)],
      ['26-Infinity: ', lost(26)],
    ]);
    expect(calls.filter((call) => call === 'restart')).toHaveLength(3);
  });

  it('counts lost stretches anew after one that could be listed', async () => {
    const pages = [[5], away, away, [30], away, away, [60]];
    const { source } = sourceOf({ pages, ids: [away, away, away, away] });
    const stretches = await listed(source, { maxId: 60 });
    expect(stretches.map(([stretch]) => stretch)).toEqual([
      ...['0-5: 5', '6-15: ', '16-25: ', '26-30: 30', '31-40: ', '41-50: ', '51-60: 60'],
    ]);
  });

  it('passes over no stretch beyond its last id', async () => {
    const { source } = sourceOf({ pages: [[5], away], ids: [away] });
    expect((await listed(source, { maxId: 9 })).at(-1)).toEqual([
      '6-9: ',
      { minIncidentId: 6, maxIncidentId: 9, message: 'away' },
    ]);
  });

  it('stops where the host stops, and asks for nothing more', async () => {
    const { source, calls } = sourceOf({ pages: [[5], new StoppingError()] });
    await expect(listed(source)).rejects.toBeInstanceOf(StoppingError);
    expect(calls).toEqual(['page 0', 'page 6']);
    const later = sourceOf({ pages: [[5], away], ids: [new StoppingError()] });
    await expect(listed(later.source)).rejects.toBeInstanceOf(StoppingError);
  });
});
