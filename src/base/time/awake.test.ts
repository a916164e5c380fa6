import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ManualClock } from '../../testing/manual-clock.ts';
import { afterAwake, AwakeTime } from './awake.ts';

test('AwakeTime adds 50 ms at most between two looks, and begins anew when it is reset', () => {
  const clock = new ManualClock();
  const time = new AwakeTime(clock);
  const looks = [0, 30, 10_000, 1].map((ms) => {
    clock.advance(ms);
    return time.look();
  });
  assert.deepEqual(looks, [0, 30, 80, 81]);
  time.reset();
  clock.advance(10_000);
  assert.equal(time.look(), 0);
});

test('afterAwake calls once after its time, and never when it was cleared', () => {
  const clock = new ManualClock();
  const fired: string[] = [];
  afterAwake(clock, 120, () => fired.push('one'));
  const cleared = afterAwake(clock, 120, () => fired.push('cleared'));
  clock.advance(110);
  assert.deepEqual(fired, []);
  cleared.clear();
  clock.advance(20);
  clock.advance(1000);
  assert.deepEqual(fired, ['one']);
});

/** What a process says that stands still for a while in a timer, and is sent something meanwhile. @param wait how it gives up after 400 ms */
async function standsStill(wait: string): Promise<string> {
  const program = `
    import { afterAwake } from ${JSON.stringify(new URL('awake.ts', import.meta.url).href)};
    import { realClock } from ${JSON.stringify(new URL('../../platform/time/clock.ts', import.meta.url).href)};
    process.stdin.once('data', () => { console.log('read'); process.exit(); });
    const giveUp = () => { console.log('gave up'); process.exit(); };
    ${wait};
    setImmediate(() => { console.log('still'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500); });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const ended = once(child, 'close');
  await once(child.stdout, 'data');
  child.stdin.write('an answer');
  await ended;
  return said;
}

test('afterAwake: a process that stood still beyond its time reads what came meanwhile before it gives up', async () => {
  assert.equal(await standsStill('afterAwake(realClock, 400, giveUp)'), 'still\nread\n');
  assert.equal(await standsStill('realClock.after(400, giveUp)'), 'still\ngave up\n', 'by the clock alone it gives up first');
});
