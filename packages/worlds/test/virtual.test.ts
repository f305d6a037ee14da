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

it('lets nothing of a machine that stands still go on before it wakes, and then in the right order', () => {
  const said = inVirtualTime(`
    const { runIn } = await import('${virtual}lives.js');
    const begunMs = machine().time.nowMs;
    const life = machine().begin('host', 0);
    life.wakesAtMs = begunMs + 60_000;
    const said = [];
    const say = (who) => said.push(who + ' ' + (machine().time.nowMs - begunMs));
    runIn(life, () => setTimeout(() => say('second'), 2_000));
    runIn(life, () => setTimeout(() => say('first'), 1_000));
    setTimeout(() => say('world'), 30_000);
    await drive(machine(), Infinity, () => said.length > 2);
    console.log(said.join(', '));`);
  expect(said.trim()).toBe('world 30000, first 60000, second 60000');
});

it('gives each process a pid of its own, which names no process once it is dead', () => {
  const said = inVirtualTime(`
    const { runIn } = await import('${virtual}lives.js');
    const [one, two] = [machine().begin('one', 0), machine().begin('two', 0)];
    const isAlive = ({ pid }) => { try { return process.kill(pid, 0); } catch { return false; } };
    two.dead = true;
    const pids = [one, two].map((life) => runIn(life, () => process.pid));
    console.log(pids[0] !== pids[1], pids.includes(process.pid), isAlive(one), isAlive(two));`);
  expect(said.trim()).toBe('true false true false');
});
