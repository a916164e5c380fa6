import { test } from 'node:test';
import { program } from '../replay/support/program.ts';
import { inAllStages } from './support/stages.ts';

const HEAD = `import os, { cpus, hostname } from 'node:os'; import { performance as perf } from 'node:perf_hooks';
const pause = (ms = 3) => new Promise((resolve) => setTimeout(resolve, ms));\n`;

/** Each body prints what it reads: a replay that reads something else prints another text, and fails. */
const CASES: readonly (readonly [name: string, body: string, value: unknown])[] = [
  [
    'facts of the process are recorded, and its number stays',
    `const pid = process.pid; await pause(); const usage = process.memoryUsage(); await pause();
     console.log(pid, process.ppid, usage.rss, process.memoryUsage.rss(), process.cpuUsage().user, process.resourceUsage().maxRSS, process.constrainedMemory(), process.availableMemory(), process.getuid(), process.umask(), process.uptime());
     return [pid === process.pid, usage.rss > 0, process.uptime() >= 0.006, typeof process.hrtime.bigint(), process.version === 'v' + process.versions.node];`,
    [true, true, true, 'bigint', true],
  ],
  [
    'facts of the machine are recorded',
    `console.log(os.freemem(), os.loadavg(), os.uptime(), cpus()[0].times, JSON.stringify(os.networkInterfaces()), os.userInfo().username, hostname(), os.homedir(), os.release()); await pause();
     console.log(os.freemem(), os.availableParallelism()); return [os.EOL, os.platform(), os.tmpdir() === (process.env.TMPDIR ?? '/tmp'), os.constants.signals.SIGINT];`,
    ['\n', process.platform, true, 2],
  ],
  [
    'every clock shows the time of the session',
    `await pause(); const format = new Intl.DateTimeFormat('en', { dateStyle: 'short', timeStyle: 'full' });
     const file = new File(['x'], 'x'); const event = new Event('x'); perf.mark('a'); await pause(5); performance.mark('b');
     const measure = perf.measure('m', 'a'); const between = performance.measure('n', 'a', 'b');
     const temporal = globalThis.Temporal === undefined ? 0 : Temporal.Now.instant().epochMilliseconds - Date.now();
     const exact = new Intl.DateTimeFormat('en', { minute: 'numeric', second: 'numeric', fractionalSecondDigits: 3 });
     console.log(format.format(), exact.format(), exact.formatToParts().map(({ value }) => value).join(''), file.lastModified, event.timeStamp, measure.duration, between.duration, perf.timeOrigin, performance.now(), String(globalThis.Temporal?.Now.plainDateTimeISO('UTC')), perf.eventLoopUtilization().utilization);
     return [format.format() === format.format(new Date()), file instanceof File, file.constructor === File, new File(['x'], 'x', { lastModified: 5 }).lastModified, temporal,
       event.timeStamp <= performance.now(), measure.duration >= 4, performance.getEntriesByName('a').length > 0, Math.abs(perf.timeOrigin + perf.now() - Date.now()) <= 1];`,
    [true, true, true, 5, 0, true, true, true, true],
  ],
  [
    'the environment takes text, and the time zone counts at once',
    `process.env.N = 5; process.env.TZ = 'Asia/Tokyo'; const tokyo = new Date(0).getHours(); await pause(); process.env.TZ = 'UTC'; const utc = new Date(0).getHours(); delete process.env.TZ;
     return [process.env.N, tokyo, utc, 'N' in process.env, delete process.env.N, process.env.N ?? null];`,
    ['5', 9, 0, true, true, null],
  ],
  [
    'a signal to another process is made once',
    `const free = 2 ** 22 - 1; await pause(); const codes = []; for (const signal of [0, 'SIGTERM']) try { process.kill(free, signal); } catch (error) { codes.push(error.code); } await pause(); return codes;`,
    ['ESRCH', 'ESRCH'],
  ],
  [
    'a process that keeps a session cannot be aborted',
    `await pause(); try { process.abort(); } catch (error) { return error.code; } return 0;`,
    'SESSION_PROCESS_WIDE',
  ],
];

for (const [name, body, value] of CASES)
  test(name, async () => {
    using built = await program(`${HEAD}export default async function main() {\n${body}\n}`);
    await inAllStages(built, { how: 'done', value, out: '' }, {}, true);
  });
