import { describe, expect, it } from '@jest/globals';
import { rawValues, validateSection } from '@soar-feed/core';
import { resilientFeedConfig, toSettings } from '../src/config.js';

const needed = {
  host: 'target.example.com',
  api_key_id: 'key',
  api_key_secret: 'secret',
  sqlite_sync_file: '/data/sync.db',
};

function validate(keys: Record<string, string>) {
  return validateSection('resilient_feed', rawValues(keys), resilientFeedConfig, { folder: '/etc/feed' });
}

function settings(keys: Record<string, string> = {}) {
  const result = validate({ ...needed, ...keys });
  if (!result.ok) throw new Error(result.issues.map((issue) => issue.problem).join('; '));
  return toSettings(result.value);
}

function problems(keys: Record<string, string>): string[] {
  return validate(keys).issues.map((issue) => `${issue.key ?? ''}: ${issue.problem}`);
}

describe('the section of a ResilientFeed', () => {
  it('has IBM’s defaults, but for the references', () => {
    expect(settings()).toMatchObject({
      connection: { host: 'target.example.com', port: 443, apiKeyId: 'key', apiKeySecret: 'secret' },
      mapping: { client: 'sqlite', file: '/data/sync.db' },
      criteria: { combine: 'all', clauses: [], notes: [] },
      syncReferenceFields: true,
      deleteIncidents: false,
      keepAuthor: false,
      emails: 'none',
      createSettleMs: 60_000,
      onUnmatch: 'freeze',
      onTargetMissing: 'recreate',
    });
    expect(settings().exclude.patterns).toEqual([]);
  });

  it('reads IBM’s keys and ours', () => {
    const given = settings({
      matching_incident_fields: 'severity_code in ["High"]; plan_status = A',
      matching_operator: 'ANY',
      exclude_incident_fields: 'pii;gdpr',
      sync_reference_fields: 'no',
      delete_incidents: 'True',
      keep_author: 'on',
      emails: 'attachments',
      create_settle: '2m',
      on_target_missing: 'park',
    });
    expect(given).toMatchObject({
      syncReferenceFields: false,
      deleteIncidents: true,
      keepAuthor: true,
      emails: 'attachments',
      createSettleMs: 120_000,
      onTargetMissing: 'park',
    });
    expect(given.criteria).toMatchObject({
      combine: 'any',
      clauses: [{ field: 'severity_code' }, { field: 'plan_status' }],
    });
    expect(given.exclude.has('x', 'gdpr')).toBe(true);
  });

  it('knows the mapping file by its old name, relative to the configuration file', () => {
    const { sqlite_sync_file: _file, ...rest } = needed;
    const result = validate({ ...rest, db_sync_file: 'old.db' });
    expect(result.ok && toSettings(result.value).mapping).toEqual({ client: 'sqlite', file: '/etc/feed/old.db' });
    expect(result.warnings).toEqual([]);
  });

  it('says what is wrong, all of it at once', () => {
    const found = problems({
      host: 'h',
      matching_incident_fields: 'severity_code High',
      on_unmatch: 'forget',
      matching_operator: 'some',
    });
    expect(found).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^matching_incident_fields: clause "severity_code High": no operator/),
        expect.stringMatching(/^on_unmatch: found "forget"; accepted: freeze, close/),
        expect.stringMatching(/^matching_operator: found "some"/),
        expect.stringMatching(/^sqlite_sync_file: is missing, and so is postgresql_connect; name the SQLite file/),
        expect.stringMatching(/^api_key_id: neither an API key/),
      ]),
    );
  });

  it('takes IBM’s PostgreSQL keys; a SQLite file beside them wins, as at IBM', () => {
    const postgres = {
      postgresql_connect: 'Driver={PostgreSQL};Server=db.example.com;DB=feed;Port=5433;connectTimeout=0',
      postgresql_uid: 'u',
      postgresql_pwd: 'p',
    };
    const { sqlite_sync_file: _file, ...rest } = needed;
    const result = validate({ ...rest, ...postgres });
    expect(result.ok && toSettings(result.value).mapping).toEqual({
      client: 'postgres',
      connection: { host: 'db.example.com', port: 5433, database: 'feed', user: 'u', password: 'p' },
      connectTimeoutMs: 5_000,
      statementTimeoutMs: 10_000,
    });
    expect(settings(postgres).mapping).toEqual({ client: 'sqlite', file: '/data/sync.db' });
  });

  it('reads how TLS is meant, as libpq does, and how long the server may take', () => {
    const { sqlite_sync_file: _file, ...rest } = needed;
    const result = validate({
      ...rest,
      postgresql_connect: 'Server=db;DB=feed;SSLmode=Verify-CA;sslrootcert=/etc/ca.pem',
      postgresql_connect_timeout: '2s',
      postgresql_timeout: '30s',
    });
    expect(result.ok && toSettings(result.value).mapping).toEqual({
      client: 'postgres',
      connection: { host: 'db', database: 'feed', tls: { sslMode: 'verify-ca', sslRootCert: '/etc/ca.pem' } },
      connectTimeoutMs: 2_000,
      statementTimeoutMs: 30_000,
    });
  });

  it.each([
    ['Driver={PostgreSQL};Server=x', 'names no DB'],
    ['DB=x', 'names no Server'],
    ['Server=x;DB=y;PWD=geheim', 'holds a password; write it into postgresql_pwd'],
    ['Server=x;DB=y;Port=many', 'has Port=many, which is no number'],
    ['Server=x;DB=y;SSLmode=perhaps', 'has sslmode=perhaps'],
    ['not odbc', 'is no ODBC connection string'],
  ])('refuses postgresql_connect=%s', (postgresql_connect, problem) => {
    const found = problems({ ...needed, postgresql_connect });
    expect(found).toEqual([expect.stringContaining(problem)]);
    expect(found.join()).not.toContain('geheim');
  });
});
