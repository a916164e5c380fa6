// MessageChannel, BroadcastChannel and structuredClone: between parts of one program, nothing of them leaves it.
import threads from 'node:worker_threads';
import type { Patcher } from '../../globals/patch.ts';
import { exportClass, Halves, sessionClass } from '../half-classes.ts';
import { markClass } from '../mark.ts';
import { BroadcastHalf } from './broadcast.ts';
import { cloneWithPorts, transferOf } from './clone.ts';
import { SessionPort } from './session-port.ts';

const { MessageChannel, BroadcastChannel, receiveMessageOnPort } = threads;
const clone = structuredClone;

/** Ports and channels in a session. */
export function patchPorts(patcher: Patcher): void {
  const { kinds } = patcher.realm;
  markClass(kinds, SessionPort);
  const Channel = sessionClass(patcher, MessageChannel, (session, _args, target) => {
    const [port1, port2] = SessionPort.pair(session);
    return Object.assign(Object.create(target.prototype as object) as object, { port1, port2 });
  });
  exportClass([threads, globalThis], 'MessageChannel', Channel);
  const halves = new Halves<BroadcastHalf>(patcher);
  halves.patch(BroadcastChannel.prototype, BroadcastHalf);
  const Broadcast = sessionClass(patcher, BroadcastChannel, (session, args, target) => {
    const shell = Reflect.construct(EventTarget, [], target) as EventTarget;
    halves.set(shell, new BroadcastHalf(session, shell, args));
    return shell;
  });
  exportClass([threads, globalThis], 'BroadcastChannel', Broadcast);
  patcher.replace(threads, 'receiveMessageOnPort', 'language', (port: unknown): unknown =>
    SessionPort.is(port) ? port.take() : receiveMessageOnPort(port as threads.MessagePort),
  );
  patcher.replace(
    globalThis,
    'structuredClone',
    'language',
    (...args: readonly [unknown, Parameters<typeof structuredClone>[1]?]): unknown => {
      const transfer = transferOf(args[1]);
      return transfer.some((item) => SessionPort.is(item))
        ? cloneWithPorts(args[0], transfer).data
        : (Reflect.apply(clone, globalThis, args) as unknown);
    },
  );
}
