import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RetryableError } from '../../src/contract/errors.js';
import { createLogger } from '../../src/telemetry/createLogger.js';
import type { LeveledLogger, LoggerOptions } from '../../src/telemetry/createLogger.js';
import { metricNames, PromMetrics } from '../../src/telemetry/metrics.js';
import { Redactor } from '../../src/telemetry/redact.js';

function logger(options: Partial<LoggerOptions> = {}): {
  log: LeveledLogger;
  lines: () => Record<string, unknown>[];
  text: () => string;
} {
  let text = '';
  const destination = { write: (line: string) => void (text += line) };
  const log = createLogger({ format: 'json', level: 'info', destination, redactor: new Redactor(), ...options });
  const lines = () =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log, lines, text: () => text };
}

describe('createLogger', () => {
  it('writes one flat line per call, with level, time and the scope', () => {
    const { log, lines } = logger();
    log.child({ feed: 'f' }).child({ type: 'note' }).info('ready', { event: 'host.ready', n: 1, none: undefined });
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        feed: 'f',
        type: 'note',
        event: 'host.ready',
        n: 1,
        msg: 'ready',
      },
    ]);
  });

  it('keeps below its level quiet', () => {
    const { log, lines } = logger({ level: 'warn' });
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(lines().map(({ level, msg }) => [level, msg])).toEqual([
      ['warn', 'c'],
      ['error', 'd'],
    ]);
  });

  it('writes to a second place in a form of its own, and changes its level while in use', () => {
    let file = '';
    const also = { destination: { write: (line: string) => void (file += line) }, format: 'json' } as const;
    const { log, text } = logger({ format: 'pretty', colour: true, also });
    const child = log.child({ feed: 'f' });
    child.debug('unheard');
    log.setLevel('debug');
    child.debug('heard', { event: 'e' });
    log.setLevel('warn');
    child.info('unheard, too');
    expect(text()).toContain('\u001b[');
    expect(text()).toMatch(/f: heard/);
    expect(JSON.parse(file)).toMatchObject({ level: 'debug', feed: 'f', event: 'e', msg: 'heard' });
  });

  it('does not let a fact shadow what the line has itself', () => {
    const { log, lines } = logger();
    log.info('sentence', { msg: 'm', level: 'l', time: 't' });
    expect(lines()[0]).toMatchObject({ msg: 'sentence', msg_: 'm', level: 'info', level_: 'l', time_: 't' });
  });

  it('tells an error by name, message, code, details and cause; the stack at debug only', () => {
    const cause = Object.assign(new Error('reset'), {
      code: 'ECONNRESET',
      request: { headers: { authorization: 'x' } },
    });
    const error = new RetryableError('no answer', { code: 'no-answer', cause, details: { status: 502 } });
    const facts = {
      name: 'RetryableError',
      message: 'no answer',
      code: 'no-answer',
      details: { status: 502 },
      cause: { name: 'Error', message: 'reset', code: 'ECONNRESET' },
    };
    for (const name of ['err', 'error']) {
      const { log, lines } = logger();
      log.warn('retry', { [name]: error });
      expect(lines()[0]?.[name]).toEqual(facts);
    }
    const { log, lines } = logger({ level: 'debug' });
    log.warn('retry', { error });
    expect(lines()[0]?.['error']).toMatchObject({ stack: expect.stringContaining('telemetry.test') });
  });

  it('survives cycles, deep and odd values', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    const { log, lines } = logger();
    log.info('x', {
      cycle,
      big: 1n,
      map: new Map([['a', 1]]),
      set: new Set(['b']),
      bytes: Buffer.from('abc'),
      bad: new Date(NaN),
      fn: () => 1,
    });
    expect(lines()[0]).toMatchObject({
      big: '1',
      map: { a: 1 },
      set: { 0: 'b' },
      bytes: '[3 bytes]',
      bad: 'Invalid Date',
      fn: '[function]',
    });
  });

  it.each(['json', 'pretty'] as const)('takes every form of a secret out of a %s line', (format) => {
    const redactor = new Redactor();
    const secret = 'p/ä "q"\\ +1&%';
    redactor.remember(secret);
    const { log, text } = logger({ format, redactor, level: 'debug' });
    const basic = Buffer.from(`some-id:${secret}`).toString('base64');
    log.error(`failed with ${secret}`, {
      url: `https://x/?p=${encodeURIComponent(secret)}&q=${new URLSearchParams({ q: secret })}`,
      header: `Basic ${basic}`,
      json: JSON.stringify({ secret }),
      [`key ${secret}`]: [{ deep: secret }],
      error: new Error(`bad ${secret}`, { cause: new Error(secret) }),
    });
    expect(text()).toContain('failed with [redacted]');
    for (const form of [secret, encodeURIComponent(secret), basic.slice(12), JSON.stringify(secret).slice(1, -1)]) {
      expect(text()).not.toContain(form);
    }
    expect(text()).not.toContain(JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1));
  });

  it('writes a pretty line for each event, and all of its facts where they are wanted', () => {
    const plain = logger({ format: 'pretty' });
    plain.log.info('ready', { event: 'host.ready' });
    plain.log.child({ feed: 'mirror' }).warn('differs:\none\ntwo', { count: 2 });
    expect(plain.text()).toMatch(
      /^\[\d\d:\d\d:\d\d\] INFO: ready\n\[.*\] WARN: mirror: differs: \(2 more lines: --verbose\)\n$/,
    );
    for (const options of [{ verbose: true }, { level: 'debug' as const }]) {
      const { log, text } = logger({ format: 'pretty', ...options });
      log.info('ready:\nnow', { event: 'host.ready' });
      expect(text()).toMatch(/INFO.*ready:\n *now\n +event: "host.ready"/);
    }
    const coloured = logger({ format: 'pretty', colour: true });
    coloured.log.info('ready');
    expect(coloured.text()).toContain('\u001b[32mINFO');
  });
});

describe('Redactor', () => {
  it('takes no port, year or count for a secret', () => {
    const redactor = new Redactor();
    for (const short of ['1', '443', '8443', '65001', 'abc']) redactor.remember(short);
    expect(redactor.redact('port 443, 8443 or 65001, 1 abc')).toBe('port 443, 8443 or 65001, 1 abc');
    redactor.remember('8443-8443');
    expect(redactor.redact('8443-8443 at 8443')).toBe('[redacted] at 8443');
  });

  it('takes a secret that contains another as a whole', () => {
    const redactor = new Redactor();
    for (const secret of ['word', 'password', 'my password here']) redactor.remember(secret);
    expect(redactor.redact('my password here, password, word')).toBe('[redacted], [redacted], [redacted]');
  });

  it.each(['"},{"', 'true', 'null', '":"', 'running', 'feeds', '\\\\', '0.25'])(
    'leaves a document whole though its secret is %s',
    (secret) => {
      const redactor = new Redactor();
      redactor.remember(secret);
      const document = {
        running: true,
        none: null,
        feeds: [{ name: `a${secret}b`, share: 0.25, at: { problem: secret } }],
      };
      const clean = redactor.redactAll(document);
      expect(JSON.parse(JSON.stringify(clean))).toEqual({
        ...{ running: true, none: null },
        feeds: [{ name: redactor.redact(`a${secret}b`), share: 0.25, at: { problem: redactor.redact(secret) } }],
      });
    },
  );

  it('finds a secret in base64 at any place, whatever surrounds it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 6, maxLength: 40 }),
        fc.string(),
        fc.string(),
        (secret, before, after) => {
          const redactor = new Redactor();
          redactor.remember(secret);
          for (const encoding of ['base64', 'base64url'] as const) {
            const word = Buffer.from(before + secret + after).toString(encoding);
            expect(redactor.redact(`Basic ${word}, then more`)).toBe('Basic [redacted], then more');
          }
        },
      ),
    );
  });

  it('leaves other text alone, and short values too', () => {
    const redactor = new Redactor();
    redactor.remember('abc');
    redactor.remember('longer secret');
    expect(redactor.redact('abc is the alphabet; a longer one')).toBe('abc is the alphabet; a longer one');
  });

  it('takes the longer of two secrets whole', () => {
    const redactor = new Redactor();
    redactor.remember('secret');
    redactor.remember('secret-and-more');
    expect(redactor.redact('x secret-and-more y')).toBe('x [redacted] y');
  });
});

describe('PromMetrics', () => {
  it('exposes what was counted, per labels', async () => {
    const metrics = new PromMetrics();
    metrics.count(metricNames.events, { feed: 'f', type: 'note', result: 'created' });
    metrics.count(metricNames.events, { feed: 'f', type: 'note', result: 'created' }, 2);
    metrics.gauge(metricNames.up, 1, { feed: 'f' });
    metrics.observe(metricNames.deliverySeconds, 0.03, { feed: 'f' });
    const text = await metrics.text();
    expect(text).toContain('soar_feed_events_total{feed="f",type="note",result="created"} 3');
    expect(text).toContain('soar_feed_up{feed="f"} 1');
    expect(text).toContain('soar_feed_delivery_seconds_bucket{le="0.05",feed="f"} 1');
    expect(metrics.contentType).toContain('text/plain');
  });

  it('keeps two hosts of one process apart', async () => {
    const [one, two] = [new PromMetrics(), new PromMetrics()];
    one.count(metricNames.events, { feed: 'f', type: 't', result: 'r' });
    expect(await two.text()).not.toContain('feed="f"');
  });

  it('makes a metric of a target at its first use, and does not fail for a label more or less', async () => {
    const metrics = new PromMetrics();
    metrics.count('file_bytes_total', { feed: 'f' }, 10);
    metrics.count('file_bytes_total', { feed: 'f', more: 'x' }, 5);
    metrics.count('file_bytes_total');
    const text = await metrics.text();
    expect(text).toContain('file_bytes_total{feed="f"} 15');
    expect(text).toContain('file_bytes_total{feed=""} 1');
  });

  it('refuses one name for two kinds', () => {
    const metrics = new PromMetrics();
    metrics.count('x_total');
    expect(() => metrics.gauge('x_total', 1)).toThrow(TypeError);
  });
});
