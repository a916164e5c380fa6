import type { Patcher } from '../globals/patch.ts';
import { patchChildProcess } from './child/patch-child-process.ts';
import { setSessionFinder } from './here.ts';
import { patchSocket } from './socket/patch-socket.ts';

/** What a program talks with: child processes, sockets, servers. Sessions get puppets, everybody else Node's own. */
export function patchConversations(patcher: Patcher): void {
  setSessionFinder(() => patcher.session());
  patchSocket(patcher);
  patchChildProcess(patcher);
}
