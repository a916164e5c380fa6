// Worker in a session.
import { EventEmitter } from 'node:events';
import threads from 'node:worker_threads';
import { ResproutError } from '../../../../base/errors/errors.ts';
import type { Patcher } from '../../globals/patch.ts';
import { exportClass, Halves, sessionClass } from '../half-classes.ts';
import { WorkerHalf } from './worker-half.ts';

const { Worker, postMessageToThread, moveMessagePortToContext } = threads;

function refuse(what: string): never {
  throw new ResproutError('JOURNAL_VALUE_UNRECORDABLE', `${what} leaves the journal`, {
    tried: what,
    do: 'Send messages with worker.postMessage(), or call it inside activity()',
  });
}

/** Worker threads of a session. */
export function patchWorkers(patcher: Patcher): void {
  const halves = new Halves<WorkerHalf>(patcher);
  halves.patch(Worker.prototype, WorkerHalf);
  // Fields of ours, getters of Node's.
  for (const name of ['stdin', 'stdout', 'stderr'] as const) halves.patchField(Worker.prototype, name);
  const exported = sessionClass(patcher, Worker, (session, args, target) => {
    const shell = Reflect.construct(EventEmitter, [], target) as EventEmitter;
    const half = new WorkerHalf(session, shell, args);
    halves.set(shell, half);
    const eventLoopUtilization = (): unknown => half.utilization();
    patcher.realm.kinds.mark(eventLoopUtilization, 'own');
    return Object.assign(shell, { performance: { eventLoopUtilization } });
  });
  exportClass([threads], 'Worker', exported);
  patcher.replace(threads, 'postMessageToThread', 'language', (...args: unknown[]): unknown =>
    patcher.session() === undefined ? Reflect.apply(postMessageToThread, threads, args) : refuse('postMessageToThread()'),
  );
  patcher.replace(threads, 'moveMessagePortToContext', 'language', (...args: unknown[]): unknown =>
    patcher.session() === undefined ? Reflect.apply(moveMessagePortToContext, threads, args) : refuse('moveMessagePortToContext()'),
  );
}
