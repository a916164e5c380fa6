// Which host the contexts of this process use: the one that was set (a runner, the command line), else a local one that is made at the
// first use.
import type { ModuleServer } from '../../base/builds/build.ts';
import type { LogLine } from '../../base/seams/log.ts';
import { realClock } from '../../platform/time/clock.ts';
import { createDisk } from '../../platform/disk/disk.ts';
import { onIdleEnd, processEnv } from '../../platform/process/process-life.ts';
import { realRandom } from '../../platform/random.ts';
import { printLine } from '../../platform/process/print-line.ts';
import { CallSide } from '../calls/call-side.ts';
import type { Host } from './host.ts';
import { localHost } from './local-host.ts';
import { plainCalls } from '../calls/plain-calls.ts';

const CLOSE_MS = 5000;
/** Where the ids of contexts begin: a context that another program detaches keeps its id here. */
const FIRST_IDS = 0x7000_0000;

let side: CallSide | undefined;
let sink = (line: LogLine): void => printLine(`[${line.context}] ${line.text}`);

/** Sets the host of this process. Before the first context is opened; a runner does it when it starts. */
export function setHost(host: Host): void {
  side = new CallSide(host, realClock);
}

/** Says where lines of far contexts go in a process that makes its own host. By default: stderr, each with the name of its context. */
export function setContextLog(log: (line: LogLine) => void): void {
  sink = log;
}

/** Serves from the plain calls of this process, which are loaded at the first request. */
const plainModules: ModuleServer = {
  serve: async (request, have, signal) => (await plainCalls()).server.serve(request, have, signal),
};

/** The calls of this process. */
export function currentSide(): CallSide {
  if (side !== undefined) return side;
  const firstId = 1 + Math.floor(realRandom.fraction() * FIRST_IDS);
  const seams = { clock: realClock, random: realRandom, disk: createDisk(), env: processEnv(), firstId };
  const host = localHost({ modules: plainModules, log: (line) => sink(line) }, seams);
  // Contexts do not keep a finished program alive: what is still open is closed when nothing else is left to do.
  onIdleEnd(() => void host.closeAll(CLOSE_MS));
  side = new CallSide(host, realClock);
  return side;
}

/** Id of this process in the tree; does not make a host. */
export function currentHostId(): number {
  return side?.host.id ?? 0;
}
