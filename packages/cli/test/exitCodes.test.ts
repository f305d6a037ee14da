import { describe, expect, it } from '@jest/globals';
import { ConfigError, PermanentError, StoreError, TargetLoadError, UnavailableError } from '@soar-feed/core';
import { SoarApiError } from '@soar-feed/soar-client';
import { exitCodeOf, exitCodeOfCheck } from '../src/exitCodeOf.js';

const client = (code: string) => new SoarApiError('no', { code });

describe('the exit code of what a command threw', () => {
  it.each<[string, unknown, number]>([
    ['a config', new ConfigError([]), 3],
    ['a package', new TargetLoadError('x', { code: 'target-broken' }), 4],
    ['the store', new StoreError('x', { code: 'store-held' }), 40],
    ['a refused adoption', new PermanentError('x', { code: 'adopt-refused' }), 51],
    ['a target that is away', new UnavailableError('x', { code: 'target-down' }), 60],
    ['a refused login', client('unauthorized'), 21],
    ['a missing permission', client('forbidden'), 21],
    ['a PEM file', client('file-unreadable'), 22],
    ['a certificate', client('untrusted-certificate'), 23],
    ['an organization', client('org-not-found'), 24],
    ['a broker', client('heartbeat-lost'), 30],
    ['a queue’s login', client('queue-login-refused'), 31],
    ['a queue’s reader', client('queue-not-authorized'), 32],
    ['any other fault of the source', client('connection-refused'), 20],
    ['a code by a name of every object', client('constructor'), 20],
    ['a fault of ours', new TypeError('x'), 1],
    ['an error with a code that is not the client’s', Object.assign(new Error('x'), { code: 'unauthorized' }), 1],
    ['no error at all', 'x', 1],
  ])('%s', (_, error, code) => expect(exitCodeOf(error)).toBe(code));

  it.each<[string, string | undefined, number]>([
    ['config', undefined, 3],
    ['packages', 'target-broken', 4],
    ['state', 'store-held', 40],
    ['target', 'unauthorized', 60],
    ['source', 'unauthorized', 21],
    ['source', undefined, 20],
    ['types', 'toString', 20],
    ['queue', 'connection-refused', 30],
    ['queue', 'queue-login-refused', 31],
    ['destination', 'queue-missing', 30],
  ])('of the line %s with %s', (subject, code, exit) => expect(exitCodeOfCheck(subject, code)).toBe(exit));
});
