// Builtins that act inside the process: they run again; what they tell of the machine is recorded.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { httpStub } from './support/http-stub.ts';
import { everyWay } from './support/ways.ts';

const PROGRAMS: Readonly<Record<string, string>> = {
  'marks, measures and their observers': `
    import { performance, PerformanceObserver } from 'node:perf_hooks';
    import { setTimeout as delay } from 'node:timers/promises';
    export default async () => {
      const seen = []; const observer = new PerformanceObserver((list) => seen.push(...list.getEntries().map((entry) => entry.name)));
      observer.observe({ entryTypes: ['mark', 'measure'] });
      performance.mark('a'); await delay(1); performance.measure('m', 'a'); performance.mark('b');
      await delay(1); observer.disconnect();
      return seen;
    };`,
  'what tells of the machine': `
    import v8 from 'node:v8';
    import { performance, monitorEventLoopDelay, eventLoopUtilization } from 'node:perf_hooks';
    export default () => {
      const delays = monitorEventLoopDelay(); delays.enable(); delays.disable();
      return [v8.getHeapStatistics().total_heap_size > 0, v8.getHeapSpaceStatistics().length > 0, typeof performance.eventLoopUtilization().utilization, typeof eventLoopUtilization().idle, typeof delays.mean, typeof delays.percentile(50), v8.deserialize(v8.serialize({ a: 1 }))];
    };`,
  'code in a context of its own, channels and strings': `
    import vm from 'node:vm';
    import { channel } from 'node:diagnostics_channel';
    import { StringDecoder } from 'node:string_decoder';
    export default () => {
      const seen = []; const hear = (message) => seen.push(message); channel('mine').subscribe(hear); channel('mine').publish('heard'); channel('mine').unsubscribe(hear);
      return [vm.runInNewContext('a + 1', { a: 1 }), new vm.Script('2 * 3').runInThisContext(), seen, new StringDecoder('utf8').write(Buffer.from('ä'))];
    };`,
  'channels and timelines tell of the program alone, not of what Node does for its calls': `
    import channels from 'node:diagnostics_channel';
    import { performance, PerformanceObserver } from 'node:perf_hooks';
    import { execFile } from 'node:child_process';
    import { createServer } from 'node:http';
    export default async () => {
      const seen = []; const hear = (message, name) => seen.push(name); const heard = ['undici:request:create', 'child_process', 'mine'];
      for (const name of heard) channels.subscribe(name, hear);
      const entries = []; const observer = new PerformanceObserver((list) => entries.push(...list.getEntries().map(({ entryType }) => entryType)));
      observer.observe({ entryTypes: ['mark', 'resource', 'net', 'http', 'dns'] });
      const server = createServer((request, answer) => answer.end('hi')); await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      await (await fetch('http://127.0.0.1:' + server.address().port)).text();
      await new Promise((resolve) => execFile('true', resolve));
      performance.mark('mine'); channels.channel('mine').publish({});
      await new Promise((resolve) => setTimeout(resolve, 5));
      server.close(); server.closeAllConnections(); observer.disconnect();
      const own = seen.filter((name) => name === 'mine').length; for (const name of heard) channels.unsubscribe(name, hear);
      channels.channel('mine').publish({});
      return [own, seen.at(-1), entries.filter((kind) => kind === 'mark')];
    };`,
  WebAssembly: `
    const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 12, 2, 96, 1, 127, 1, 127, 96, 2, 127, 127, 1, 127, 2, 7, 1, 1, 109, 1, 102, 0, 0, 3, 2, 1, 1, 7, 7, 1, 3, 97, 100, 100, 0, 1, 10, 11, 1, 9, 0, 32, 0, 16, 0, 32, 1, 106, 11]);
    export default async () => {
      let calls = 0; const imports = { m: { f: (x) => { calls++; return x * 10; } } };
      const { instance, module } = await WebAssembly.instantiate(bytes, imports);
      const again = await WebAssembly.instantiate(await WebAssembly.compile(bytes), imports);
      const direct = new WebAssembly.Instance(module, imports);
      const streamed = await WebAssembly.instantiateStreaming(new Response(bytes, { headers: { 'content-type': 'application/wasm' } }), imports);
      const wrong = await WebAssembly.compile(new Uint8Array(3)).catch((error) => error.name);
      return [instance.exports.add(1, 2), again.exports.add(1, 3), direct.exports.add(2, 1), streamed.instance.exports.add(0, 1), calls, direct instanceof WebAssembly.Instance, wrong];
    };`,
  'FinalizationRegistry, WeakRef and queueMicrotask': `
    export default () => new Promise((resolve) => {
      const held = { a: 1 }; const ref = new WeakRef(held); new FinalizationRegistry(() => undefined).register(held, 1);
      queueMicrotask(() => resolve([ref.deref() === held]));
    });`,
};

// A server of the program that had heard of a request is not made again.
for (const [name, text] of Object.entries(PROGRAMS))
  test(name, async () => void (await everyWay(text, { coded: ['LIVE_OBJECT_LOST', 'ECONNRESET', 'fetch failed'] })));

test('what was read of the machine is the same in a replay', async () => {
  const { events } = await everyWay(
    `
    import v8 from 'node:v8';
    import { performance, eventLoopUtilization, monitorEventLoopDelay } from 'node:perf_hooks';
    export default () => {
      const delays = monitorEventLoopDelay(); delays.enable();
      const timing = performance.nodeTiming; const report = process.report.getReport().header;
      return [v8.getHeapStatistics(), v8.getHeapSpaceStatistics(), performance.eventLoopUtilization(), eventLoopUtilization(), delays.max, timing.duration, timing.constructor.name, report.processId, report.dumpEventTime];
    };`,
    { plain: false, varies: true },
  );
  assert.equal(events.filter(({ t }) => t === 'sync').length, 7);
});

test('clock and chance of a context of node:vm are those of the session', async () => {
  const { came, events } = await everyWay(
    `
    import vm from 'node:vm';
    export default async () => {
      const own = vm.createContext({ Math: { random: () => 4 } }); const script = new vm.Script('[Math.random(), Date.now(), new Date().getTime()]');
      await new Promise((resolve) => setTimeout(resolve, 2));
      const made = [vm.runInNewContext('[Math.random(), Date.now()]'), script.runInNewContext(), script.runInContext(own), vm.runInContext('Math.random()', vm.createContext(vm.constants.DONT_CONTEXTIFY))];
      const class_ = vm.runInNewContext('Date');
      return [...made, script.runInContext(own)[0], new (class Mine extends class_ {})(5).getTime(), vm.runInNewContext('Date.name + Date.length + (new Date().constructor === Date)', {}, 'file.js')];
    };`,
    { plain: false, varies: true },
  );
  assert.deepEqual((came as { readonly value: readonly unknown[] }).value.slice(-3), [4, 5, 'Date7true']);
  assert.deepEqual(
    events.filter(({ t }) => t === 'sync'),
    [],
  );
});

test('what the program hears of its calls to the outside is nothing, in the first run as in a replay', async () => {
  const stub = await httpStub();
  after(async () => await stub.close());
  const { came } = await everyWay(
    `
    import channels from 'node:diagnostics_channel';
    import { performance, PerformanceObserver } from 'node:perf_hooks';
    import { execFile } from 'node:child_process';
    export default async () => {
      const seen = []; for (const name of ['undici:request:create', 'tracing:child_process.spawn:start', 'child_process']) channels.subscribe(name, (message, name) => seen.push(name));
      const durations = []; const observer = new PerformanceObserver((list) => durations.push(...list.getEntries())); observer.observe({ entryTypes: ['function'] }); performance.timerify(() => 1)();
      await (await fetch('${stub.url}/')).text(); await new Promise((resolve) => execFile('true', resolve));
      await new Promise((resolve) => setTimeout(resolve, 2)); observer.disconnect();
      return [[...seen, ...durations], performance.getEntriesByType('resource').length, performance.toJSON().timeOrigin === performance.timeOrigin];
    };`,
    { plain: false, coded: ['LIVE_OBJECT_LOST'] },
  );
  assert.deepEqual(came, { value: [[], 0, true] });
});

test('a WebSocket that nobody answers says so in a session and in an activity', async () => {
  const { came } = await everyWay(
    `
    import { activity } from 'resprout/durable';
    const tried = () => new Promise((resolve) => { new WebSocket('ws://127.0.0.1:9').onerror = ({ type, message, error }) => resolve([type, message, error.name]); });
    export default async () => [await activity(tried, { name: 'outside' })(), await tried()];`,
    { plain: false },
  );
  assert.deepEqual(came, {
    value: [
      ['error', '', 'TypeError'],
      ['error', '', 'TypeError'],
    ],
  });
});
