import { once } from 'node:events';
import { createServer } from 'node:net';
import type { CheckLine, HostConfig } from '@soar-feed/core/runtime';
import { askHost } from './askHost.js';
import { controlPath } from './controlPath.js';

/** Whether the monitoring port can be opened. If a host of this config runs, that host has it. */
export async function checkStatusPort(config: HostConfig): Promise<readonly CheckLine[]> {
  const { statusPort } = config.feeds;
  if (statusPort === undefined) return [];
  const subject = 'monitoring';
  const place = `127.0.0.1:${statusPort}`;
  const running = askHost(controlPath(config), { method: 'GET', path: '/status' });
  if ((await running.catch(() => undefined)) !== undefined) {
    return [{ subject, state: 'ok', detail: `${place} (a host of this file runs)` }];
  }
  const server = createServer();
  try {
    server.listen(statusPort, '127.0.0.1');
    await once(server, 'listening');
    return [{ subject, state: 'ok', detail: place }];
  } catch (error) {
    return [{ subject, state: 'warn', detail: portProblem(statusPort, error) }];
  } finally {
    server.close();
  }
}

/** Why the monitoring port cannot be opened; `check` and a start say the same. */
export function portProblem(port: number, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const why =
    code === 'EADDRINUSE' ? 'another program uses it' : code === 'EACCES' ? 'this user has no permission' : message;
  return `[feeds] status_port: 127.0.0.1:${port} cannot be opened (${why}): the host runs without monitoring`;
}
