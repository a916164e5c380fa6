// A process of this machine, the leader of a session and group of its own: signals of a terminal do not reach it. Orders and reports take a
// socket at descriptor 3, as frames of the wire; its end is the end of the unit, at either side.
import { Socket } from 'node:net';
import { deferred } from '../../base/deferred.ts';
import type { ExitReport } from '../../base/seams/spawner.ts';
import { inheritedEnv } from '../../platform/process/inherited-env.ts';
import { endMarked } from '../../platform/process/marked-processes.ts';
import { startProcess, type StartedProcess } from '../../platform/process/spawner.ts';
import { realRandom } from '../../platform/random.ts';
import { orderBytes, parseReport } from '../unit/message-bytes.ts';
import { guard } from './guard.ts';
import { ownFile } from './own-file.ts';
import { reportsAndOrders } from './order-socket.ts';
import { UnitCalls } from './unit-calls.ts';
import { oddDeath, type Death, type Place, type PlaceSettings } from './place.ts';

const MAIN = decodeURIComponent(ownFile('process-main').pathname);
/** Stands in the environment of a unit and of all that it starts, so that these are found wherever they have gone. */
const MARK = 'RESPROUT_UNIT';

async function start(name: string, settings: PlaceSettings, mark: string): Promise<StartedProcess> {
  const { argv0, cwd, env, execArgv = [], memoryMb } = settings;
  const heap = memoryMb === undefined ? [] : [`--max-old-space-size=${memoryMb}`];
  const started = startProcess({
    file: process.execPath,
    args: [...execArgv, ...heap, MAIN],
    env: { ...inheritedEnv(process.env, env), [MARK]: mark },
    stdio: ['null', 'inherit', 'inherit', 'pipe'],
    argv0: argv0 ?? `resprout:${name}`,
    ...(cwd === undefined ? {} : { cwd }),
  });
  try {
    return await started;
  } catch (error) {
    // Node names the file, also where it is the folder that is not there.
    throw cwd === undefined ? error : new Error(`no process can be started in ${cwd}`, { cause: error });
  }
}

/** Units as processes of this machine. */
export const processPlace: Place = {
  name: 'a process',
  async spawn(begin, settings, listener, signal) {
    const first = orderBytes(begin);
    signal.throwIfAborted();
    const mark = Buffer.from(realRandom.bytes(12)).toString('hex');
    const child = await start(begin.name, settings, mark);
    const socket = child.pipes[3];
    if (!(socket instanceof Socket)) throw new Error('a process was started without its socket');
    const ended = deferred<Death>();
    let odd: unknown;
    const calls = new UnitCalls(begin.name, (order) => channel.sendSoon(orderBytes(order)));
    const onReport = (bytes: Uint8Array): void => {
      const report = parseReport(bytes, begin.name);
      if (report.kind === 'answer') calls.onAnswer(report);
      else listener.onReport(report);
    };
    const channel = reportsAndOrders(socket, onReport, {
      onOdd: (error) => {
        odd ??= error;
        child.signal('SIGKILL', 'group');
      },
    });
    let isKilled = false;
    const kill = (): void => {
      isKilled = true;
      child.signal('SIGKILL', 'group');
    };
    void child.exited.then(async (report) => {
      listener.onGone();
      // What it said last may still lie in the socket, which a grandchild can hold open until it is ended too. Its group was killed with it.
      const heard = channel.drained().then(() => calls.end());
      await Promise.all([heard, endMarked(MARK, mark), guard.remove(child.pid)]);
      ended.resolve(odd === undefined ? deathOf(report, isKilled) : oddDeath(odd));
    });
    try {
      await guard.add(child.pid);
    } catch (error) {
      kill();
      await ended.promise;
      throw error;
    }
    channel.send(first);
    return {
      pid: child.pid,
      ended: ended.promise,
      send: (order) => {
        channel.send(orderBytes(order));
        if (order.kind === 'leave') child.signal('SIGTERM', 'process');
      },
      call: (call, callSignal) => calls.call(call, callSignal),
      kill,
    };
  },
};

/** What V8 does with a process whose heap is full. */
const FULL_HEAP = 'SIGABRT';

function deathOf({ code, signal }: ExitReport, isKilled: boolean): Death {
  if (signal === null) return { how: 'exited', reason: `ended with code ${code ?? 'none'}`, exitCode: code, signal: null };
  const reason = signal === FULL_HEAP ? 'was aborted, as Node does when its memory is full' : `was killed by ${signal}`;
  const how = signal === FULL_HEAP && !isKilled ? 'memory' : 'killed';
  return { how, reason, exitCode: null, signal };
}
