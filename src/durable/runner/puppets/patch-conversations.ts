import type { Patcher } from '../globals/patch.ts';
import { patchChildProcess } from './child/patch-child-process.ts';
import { patchDatagram } from './datagram/patch-datagram.ts';
import { patchHttp } from './http/patch-http.ts';
import { patchHttp2 } from './http2/patch-http2.ts';
import { patchServer } from './net/patch-server.ts';
import { patchSocket } from './socket/patch-socket.ts';
import { patchTls } from './tls/patch-tls.ts';

/** What a program talks with: child processes, sockets, servers. Sessions get puppets, everybody else Node's own. */
export function patchConversations(patcher: Patcher): void {
  patchSocket(patcher);
  patchServer(patcher);
  patchHttp(patcher);
  patchTls(patcher);
  patchHttp2(patcher);
  patchDatagram(patcher);
  patchChildProcess(patcher);
}
