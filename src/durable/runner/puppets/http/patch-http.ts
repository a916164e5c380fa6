import http from 'node:http';
import type { Patcher } from '../../globals/patch.ts';
import { patchServerClass } from '../net/patch-server.ts';
import { plainKind } from '../net/puppet-server.ts';
import { natives } from '../natives.ts';
import { patchAgents } from './client-way.ts';
import { patchLostMessages } from './lost-messages.ts';

/** HTTP of sessions: Node's own parser, agent and messages over puppets of sockets. */
export function patchHttp(patcher: Patcher): void {
  patchServerClass(patcher, http, natives.HttpServer, { ...plainKind, fn: 'node:http.Server.listen' }, ['createServer']);
  patchAgents(patcher);
  patchLostMessages(patcher);
}
