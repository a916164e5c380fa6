import { test } from 'node:test';
import { program } from '../replay/support/program.ts';
import { inAllStages, type Seen } from './support/stages.ts';

interface Case {
  readonly name: string;
  readonly text: string;
  readonly expected: Seen;
}

const PAUSE = `const pause = (ms = 3) => new Promise((resolve) => setTimeout(resolve, ms));\n`;
const done = (out: string, value?: unknown): Seen => ({ how: 'done', value, out });
const coded = (exitCode: number, error: string, out: string): Seen => ({ how: 'failed', error: `ResproutError: ${error}`, exitCode, out });

const CASES: readonly Case[] = [
  {
    name: 'process.exitCode counts, and exit listeners hear of it',
    text: `process.on('exit', (code) => console.log('exit', code, process.exitCode)); export default async () => { process.exitCode = 5; await pause(); return 1; };`,
    expected: coded(5, 'the program ended with process.exitCode 5', 'exit 5 5\n'),
  },
  {
    name: 'an exit listener changes the code',
    text: `export default async () => { process.once('exit', (code) => { console.log(code); process.exitCode = 9; }); await pause(); };`,
    expected: coded(9, 'the program ended with process.exitCode 9', '0\n'),
  },
  {
    name: 'process.exit runs exit listeners once, and nothing after it is seen',
    text: `export default async () => {
      process.on('exit', (code) => console.log('exit', code));
      await pause();
      Promise.resolve().then(() => console.log('micro'));
      process.nextTick(() => console.log('tick'));
      setImmediate(() => console.log('immediate'));
      try { process.exit(7); } catch { console.log('caught'); } finally { console.log('finally'); await pause(); console.log('after'); }
    };`,
    expected: coded(7, 'the program called process.exit(7)', 'exit 7\n'),
  },
  {
    name: 'process.exit without a code gives process.exitCode',
    text: `export default async () => { process.exitCode = 3; await pause(); process.exit(); };`,
    expected: coded(3, 'the program called process.exit(3)', ''),
  },
  {
    name: 'process.exit(0) ends well',
    text: `export default async () => { setTimeout(() => console.log('never'), 50); await pause(); process.exit(0); };`,
    expected: { how: 'done', value: undefined, exitCode: 0, out: '' },
  },
  {
    name: 'process.exit inside an exit listener has the last word',
    text: `export default async () => {
      process.on('exit', () => { console.log('first'); process.exit(4); });
      process.on('exit', () => console.log('second'));
      await pause(); process.exit(1);
    };`,
    expected: coded(4, 'the program called process.exit(4)', 'first\n'),
  },
  {
    name: 'process.exit in a callback of a timer',
    text: `export default async () => { setTimeout(() => { process.exit(2); }, 2); await pause(50); console.log('on'); };`,
    expected: coded(2, 'the program called process.exit(2)', ''),
  },
  {
    name: 'an exit listener of a failed program hears 1',
    text: `export default async () => { process.on('exit', (code) => console.log('exit', code)); await pause(); throw new RangeError('no'); };`,
    expected: { how: 'failed', error: 'RangeError: no', out: 'exit 1\n' },
  },
  {
    name: 'beforeExit begins new work, and is told again after it',
    text: `export default async () => {
      let left = 2;
      process.on('beforeExit', (code) => { console.log('before', code, left); if (left-- > 0) setTimeout(() => console.log('work'), 2); });
      process.on('exit', () => console.log('exit'));
      await pause();
      return 'v';
    };`,
    expected: done('before 0 2\nwork\nbefore 0 1\nwork\nbefore 0 0\nexit\n', 'v'),
  },
  {
    name: 'beforeExit is not told after process.exit',
    text: `export default async () => { process.on('beforeExit', () => console.log('before')); await pause(); process.exit(1); };`,
    expected: coded(1, 'the program called process.exit(1)', ''),
  },
  {
    name: 'a listener of unhandledRejection lets the program go on, and hears that it was handled later',
    text: `export default async () => {
      process.on('unhandledRejection', (error, promise) => { console.log('unhandled', error.message, promise instanceof Promise); });
      process.on('rejectionHandled', () => console.log('handled'));
      const lost = Promise.reject(new Error('lost'));
      await pause();
      lost.catch(() => {});
      await pause();
      return 'on';
    };`,
    expected: done('unhandled lost true\nhandled\n', 'on'),
  },
  {
    name: 'a handler of uncaughtException lets the program go on',
    text: `process.on('uncaughtExceptionMonitor', (error, how) => console.log('monitor', error.message, how));
    process.on('uncaughtException', (error, how) => console.log('caught', error.message, how));
    export default async () => {
      setTimeout(() => { throw new Error('timer'); }, 1);
      setImmediate(() => { throw new Error('immediate'); });
      Promise.reject(new Error('rejected'));
      await pause(10);
      return 'on';
    };`,
    expected: done(
      ['rejected unhandledRejection', 'immediate uncaughtException', 'timer uncaughtException']
        .map((how) => `monitor ${how}\ncaught ${how}\n`)
        .join(''),
      'on',
    ),
  },
  {
    name: 'a handler of uncaughtException that throws ends the program with 7',
    text: `export default async () => {
      process.on('uncaughtException', () => { throw new TypeError('again'); });
      setTimeout(() => { throw new Error('x'); }, 1); await pause(50);
    };`,
    expected: { how: 'failed', error: 'TypeError: again', exitCode: 7, out: '' },
  },
  {
    name: 'the capture callback comes before the listeners',
    text: `export default async () => {
      process.on('uncaughtException', () => console.log('never'));
      process.setUncaughtExceptionCaptureCallback((error) => console.log('captured', error.message, process.hasUncaughtExceptionCaptureCallback()));
      setTimeout(() => { throw new Error('x'); }, 1); await pause(10); return 1;
    };`,
    expected: done('captured x true\n', 1),
  },
  {
    name: 'an exception in a timer ends the program where it stands',
    text: `export default async () => {
      process.on('exit', (code) => console.log('exit', code));
      setTimeout(() => { setImmediate(() => console.log('never')); throw new RangeError('x'); }, 1); await pause(50); console.log('on');
    };`,
    expected: { how: 'failed', error: 'RangeError: x', out: 'exit 1\n' },
  },
  {
    name: 'a program that waits for nothing ends with 13',
    text: `export default async () => { process.on('exit', (code) => console.log('exit', code)); setTimeout(() => {}, 5).unref(); await pause(); await new Promise(() => {}); };`,
    expected: coded(13, 'the program waits for something that nothing can bring any more', 'exit 13\n'),
  },
  {
    name: 'a signal to itself goes to the listeners of the program, later',
    text: `export default async () => {
      process.on('SIGUSR2', (name, number) => console.log('got', name, number > 0));
      await pause(); process.kill(process.pid, 'SIGUSR2'); console.log('sent'); await pause(); return process.listenerCount('SIGUSR2');
    };`,
    expected: done('sent\ngot SIGUSR2 true\n', 1),
  },
  {
    name: 'a signal to itself that nobody hears ends the program',
    text: `export default async () => { process.on('exit', () => console.log('never')); await pause(); process.kill(process.pid, 'SIGTERM'); await pause(); };`,
    expected: coded(143, 'the program ended itself with SIGTERM', ''),
  },
  {
    name: 'process is an emitter of the session',
    text: `import { once } from 'node:events';
    export default async () => {
      const heard = once(process, 'custom'); process.emit('custom', 1, 2);
      const f = () => {}; process.prependListener('exit', f); process.on('exit', f).off('exit', f);
      const counts = [process.listenerCount('exit'), process.listeners('exit')[0] === f, process.rawListeners('exit').length, process.eventNames()];
      process.removeAllListeners('exit');
      return [await heard, counts, process.eventNames()];
    };`,
    expected: done('', [[1, 2], [1, true, 1, ['exit']], []]),
  },
  {
    name: 'a warning is shown once, and told to the program',
    text: `export default async () => {
      process.on('warning', (warning) => console.log('warning', warning.name, warning.message));
      process.emitWarning('careful', { type: 'Custom', code: 'C1' }); await pause(); process.emitWarning('more'); await pause();
      return 1;
    };`,
    expected: done(
      '(node:PID) [C1] Custom: careful\n(Use `node --trace-warnings ...` to show where the warning was created)\nwarning Custom careful\n(node:PID) Warning: more\nwarning Warning more\n',
      1,
    ),
  },
];

for (const { name, text, expected } of CASES)
  test(name, async () => {
    using built = await program(PAUSE + text);
    await inAllStages(built, expected);
  });
