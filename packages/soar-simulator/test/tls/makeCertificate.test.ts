import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeCertificate } from '../../src/tls/makeCertificate.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soar-simulator-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('makeCertificate', () => {
  it("passes Node's own checks by name and by address, and no others", async () => {
    const made = await makeCertificate(join(folder, 'new'), ['soar.example.com']);
    const ca = await readFile(made.caFile, 'utf8');
    const server = createServer(made, (socket) => socket.end()).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const check = (options: { ca?: string; servername: string }) =>
      new Promise<string>((resolve) => {
        const socket = connect({ host: '127.0.0.1', port, ...options }, () => resolve('trusted'));
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
        socket.on('close', () => undefined).resume();
      });
    const checked = [];
    for (const servername of ['localhost', 'soar.example.com', 'other.example.com']) {
      checked.push(await check({ ca, servername }));
    }
    checked.push(await check({ ca, servername: '' })); // checked by the address
    checked.push(await check({ servername: 'localhost' }));
    await new Promise((resolve) => server.close(resolve));
    expect(checked.slice(0, 4)).toEqual(['trusted', 'trusted', 'ERR_TLS_CERT_ALTNAME_INVALID', 'trusted']);
    expect(checked[4]).toMatch(/SELF_SIGNED|UNABLE_TO/);
  });

  it('uses what is there again while it is good, and keeps the key to itself', async () => {
    const first = await makeCertificate(folder);
    expect(await makeCertificate(folder)).toEqual(first);
    expect((await stat(join(folder, 'server.key.pem'))).mode & 0o777).toBe(0o600);
    const wider = await makeCertificate(folder, ['10.1.2.3']);
    expect(wider.cert).not.toBe(first.cert);
    await writeFile(wider.caFile, 'damaged');
    expect((await makeCertificate(folder, ['10.1.2.3'])).cert).not.toBe(wider.cert);
  });
});
