import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const virtual = fileURLToPath(new URL('../dist/virtual/', import.meta.url));

/** In a process of its own: virtual time is put in once and for good. */
function inVirtualTime(script: string): string {
  const whole = `
    const { installVirtualTime } = await import('${virtual}install.js');
    const { machine } = await import('${virtual}Machine.js');
    const { drive } = await import('${virtual}drive.js');
    installVirtualTime();
    ${script}
    process.exit(0);`;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', whole], {
    encoding: 'utf8',
    timeout: 20_000,
  });
}

it('waits for what was put off to the next turn, and not for what was withdrawn', () => {
  const said = inVirtualTime(`
    const said = [];
    setImmediate(() => setImmediate(() => said.push('second turn')));
    const withdrawn = setImmediate(() => said.push('withdrawn'));
    clearImmediate(withdrawn);
    clearImmediate(withdrawn);
    clearImmediate(undefined);
    setTimeout(() => said.push('a minute later'), 60_000);
    await drive(machine(), Infinity, () => said.length > 1);
    console.log(said.join(', '));`);
  expect(said.trim()).toBe('second turn, a minute later');
});
