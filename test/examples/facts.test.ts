import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { local } from 'resprout';
import { installedPackages, largestProcesses, listeningPorts, memory, system } from '../../examples/host-report/facts.ts';
import { needs } from '../support/needs.ts';

/** A child that says one line when it is ready; ended when the test is over. */
async function ready(file: string, args: readonly string[]): Promise<ChildProcess & AsyncDisposable> {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return Object.assign(child, {
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    },
  });
}

const iproute = { program: 'ip', debianPackage: 'iproute2' };

test(
  'listeningPorts() called in a context of another network namespace reports the ports of that namespace',
  { skip: needs('linux', 'root', iproute) },
  async () => {
    const name = `resprout-test-${process.pid}`;
    const inside = ['ip', 'netns', 'exec', name, process.execPath];
    assert.equal(spawnSync('ip', ['netns', 'add', name], { stdio: 'inherit' }).status, 0);
    try {
      const [file = '', ...args] = inside;
      await using _server = await ready(file, [...args, '-e', "require('net').createServer().listen(18080, () => console.log('up'))"]);
      await using there = await local({ name: 'namespace', node: inside });
      await using here = await local({ name: 'here' });
      const [far, near] = await Promise.all([there.call(listeningPorts, {}), here.call(listeningPorts, {})]);
      assert.ok(Array.isArray(far) && Array.isArray(near));
      assert.deepEqual(
        far.map((port) => [port.protocol, port.address, port.port]),
        [['tcp6', '[::]', 18080]],
      );
      assert.ok(!near.some((port) => port.port === 18080));
    } finally {
      spawnSync('ip', ['netns', 'delete', name]);
    }
  },
);

test('largestProcesses() lists a process that holds 200 MB among the ten largest', { skip: needs('linux') }, async () => {
  const hold = "globalThis.held = Buffer.alloc(200 << 20, 1); console.log('up'); setInterval(() => {}, 1000)";
  await using holder = await ready(process.execPath, ['-e', hold]);
  await using context = await local({ name: 'memory' });
  const largest = await context.call(largestProcesses, {});
  assert.ok(Array.isArray(largest));
  assert.equal(largest.length, 10);
  const found = largest.find((entry) => entry.pid === holder.pid);
  assert.ok(found !== undefined && found.residentBytes > 200 << 20, JSON.stringify(largest));
});

test('system(), memory() and installedPackages() agree with the machine', { skip: needs('linux') }, async () => {
  await using context = await local({ name: 'facts' });
  const [facts, use, packages] = await Promise.all([
    context.call(system, {}),
    context.call(memory, {}),
    context.call(installedPackages, {}),
  ]);
  assert.equal(facts.hostname, spawnSync('uname', ['-n'], { encoding: 'utf8' }).stdout.trim());
  assert.equal(facts.kernel, `Linux ${spawnSync('uname', ['-r'], { encoding: 'utf8' }).stdout.trim()}`);
  assert.ok(use.totalBytes > use.availableBytes && use.availableBytes > 0);
  const dpkg = spawnSync('dpkg-query', ['-f', '${db:Status-Abbrev}\n', '-W'], { encoding: 'utf8' });
  if (dpkg.status === 0)
    assert.deepEqual(packages, { manager: 'dpkg', count: dpkg.stdout.split('\n').filter((line) => /^.i/.test(line)).length });
});
