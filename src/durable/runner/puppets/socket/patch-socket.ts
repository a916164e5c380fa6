import net from 'node:net';
import type { Patcher } from '../../globals/patch.ts';
import { exportedClass, guardMethods } from '../exported-class.ts';
import { markClass } from '../mark.ts';
import { natives } from '../natives.ts';
import { connectArguments } from './connect-options.ts';
import { PuppetSocket, type PuppetSocketOptions } from './puppet-socket.ts';

/** `net.connect` of a program. */
export function connectPuppet(given: readonly unknown[]): PuppetSocket {
  const { options } = connectArguments(given);
  const [first] = given;
  const own = typeof first === 'object' && first !== null && !Array.isArray(first) ? first : {};
  const socket = new PuppetSocket(own as PuppetSocketOptions);
  if (typeof options?.timeout === 'number' && options.timeout > 0) socket.setTimeout(options.timeout);
  return socket.connect(...given);
}

/** Sockets of sessions are puppets. */
export function patchSocket(patcher: Patcher): void {
  const { kinds } = patcher.realm;
  guardMethods(PuppetSocket, PuppetSocket.isPuppet);
  markClass(kinds, PuppetSocket, ['connect']);
  const Exported = exportedClass(natives.Socket, PuppetSocket, PuppetSocket.isPuppet);
  kinds.mark(Exported, 'own');
  for (const name of ['Socket', 'Stream']) patcher.replace(net, name, 'own', Exported as never);
  for (const name of ['connect', 'createConnection'])
    patcher.replace(net, name, 'own', (...args: unknown[]): unknown =>
      patcher.session() === undefined ? (Reflect.apply(natives.netConnect, net, args as never) as unknown) : connectPuppet(args),
    );
}
