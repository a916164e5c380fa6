import net from 'node:net';
import type { Patcher } from '../../globals/patch.ts';
import { exportedClass, guardMethods, type AnyClass } from '../exported-class.ts';
import { markClass } from '../mark.ts';
import { natives } from '../natives.ts';
import { plainKind, puppetServer, type ServerKind } from './puppet-server.ts';

/** Puts the puppet of a class of servers into a module. @param makers functions that make one */
export function patchServerClass(patcher: Patcher, module: object, Native: AnyClass, kind: ServerKind, makers: readonly string[]): void {
  const { kinds } = patcher.realm;
  const { Puppet, isPuppet } = puppetServer(Native, kind);
  guardMethods(Puppet, isPuppet);
  markClass(kinds, Puppet, ['listen']);
  const Exported = exportedClass(Native, Puppet, isPuppet);
  kinds.mark(Exported, 'own');
  patcher.replace(module, 'Server', 'own', Exported as never);
  for (const name of makers)
    patcher.replace(module, name, 'own', (...args: unknown[]): unknown =>
      Reflect.construct(patcher.session() === undefined ? Native : Exported, args),
    );
}

/** Servers of sessions are puppets. */
export function patchServer(patcher: Patcher): void {
  patchServerClass(patcher, net, natives.NetServer, plainKind, ['createServer']);
}
