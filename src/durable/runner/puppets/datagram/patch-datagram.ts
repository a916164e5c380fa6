import dgram from 'node:dgram';
import type { Patcher } from '../../globals/patch.ts';
import { exportedClass, guardMethods } from '../exported-class.ts';
import { markClass } from '../mark.ts';
import { natives } from '../natives.ts';
import { PuppetDatagram } from './puppet-datagram.ts';

/** Methods that may bind a socket: they find the line of their call. */
const OPENING = ['bind', 'send', 'connect', 'addMembership', 'addSourceSpecificMembership'];

/** Datagram sockets of sessions are puppets. */
export function patchDatagram(patcher: Patcher): void {
  const { kinds } = patcher.realm;
  guardMethods(PuppetDatagram, PuppetDatagram.isPuppet);
  markClass(kinds, PuppetDatagram, OPENING);
  const Exported = exportedClass(natives.DatagramSocket, PuppetDatagram, PuppetDatagram.isPuppet);
  kinds.mark(Exported, 'own');
  patcher.replace(dgram, 'Socket', 'own', Exported as never);
  patcher.replace(dgram, 'createSocket', 'own', (...args: unknown[]): unknown =>
    patcher.session() === undefined
      ? (Reflect.apply(natives.createDatagramSocket, dgram, args as never) as unknown)
      : Reflect.construct(Exported, args),
  );
}
