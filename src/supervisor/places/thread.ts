// A thread of this process. It shares the working folder, and a crash of native code takes this process with it.
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { deferred } from '../../base/deferred.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import { errnoOf } from '../../platform/errno.ts';
import { inheritedEnv } from '../../platform/process/inherited-env.ts';
import { orderBytes, parseReport } from '../unit/message-bytes.ts';
import { ownFile } from './own-file.ts';
import { postPacked, unpacked } from './packed.ts';
import { SendBatch } from './send-batch.ts';
import { UnitCalls } from './unit-calls.ts';
import { oddDeath, type Death, type Place, type PlaceSettings } from './place.ts';

const MAIN = ownFile('thread-main');

/** @throws ResproutError SUPERVISE_INVALID */
function optionsOf(name: string, { argv0, cwd, env, execArgv, memoryMb }: PlaceSettings, first: Uint8Array): WorkerOptions {
  for (const [option, value] of Object.entries({ argv0, cwd }))
    if (value !== undefined)
      throw new ResproutError('SUPERVISE_INVALID', `${name} runs in a thread, which has no ${option} of its own`, {
        tried: `start ${name} in a thread`,
        saw: `${option}: ${JSON.stringify(value)}`,
        do: `Leave ${option} out, or run it in a process`,
      });
  return {
    workerData: first,
    name,
    env: inheritedEnv(process.env, env),
    execArgv: [...(execArgv ?? [])],
    ...(memoryMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: memoryMb } }),
  };
}

/** Units as threads of this process. */
export const threadPlace: Place = {
  name: 'a thread',
  async spawn(begin, settings, listener, signal) {
    signal.throwIfAborted();
    const worker = new Worker(MAIN, optionsOf(begin.name, settings, orderBytes(begin)));
    const ended = deferred<Death>();
    let problem: unknown;
    let isKilled = false;
    let odd: unknown;
    const batch = new SendBatch((orders) => postPacked(worker, orders));
    const calls = new UnitCalls(begin.name, (order) => batch.sendSoon(orderBytes(order)));
    worker.on('message', (reports: unknown) => {
      try {
        for (const bytes of unpacked(reports)) {
          const report = parseReport(bytes, begin.name);
          if (report.kind === 'answer') calls.onAnswer(report);
          else listener.onReport(report);
        }
      } catch (error) {
        odd ??= error;
        void worker.terminate();
      }
    });
    worker.on('messageerror', (error) => (problem = error));
    worker.on('error', (error) => (problem = error));
    worker.once('exit', (exitCode) => {
      listener.onGone();
      calls.end();
      ended.resolve(odd === undefined ? deathOf(exitCode, problem, isKilled) : oddDeath(odd));
    });
    return await Promise.resolve({
      pid: undefined,
      ended: ended.promise,
      send: (order) => batch.send(orderBytes(order)),
      call: (call, callSignal) => calls.call(call, callSignal),
      kill: () => {
        isKilled = true;
        void worker.terminate();
      },
    });
  },
};

function deathOf(exitCode: number, error: unknown, isKilled: boolean): Death {
  if (errnoOf(error) === 'ERR_WORKER_OUT_OF_MEMORY')
    return { how: 'memory', reason: 'reached the limit of its memory', exitCode: null, signal: null, error };
  if (isKilled) return { how: 'killed', reason: 'was ended', exitCode: null, signal: null };
  return { how: 'exited', reason: `ended with code ${exitCode}`, exitCode, signal: null, error };
}
