// The builtins that are loaded and patched when somebody asks for one of them. A file of its own in the package: `edge/late.ts` requires it.
// Their originals are taken when their files load.
import { whenFetchLoaded } from '../../platform/engine/fetch-client.ts';
import { patchContexts } from './edge/contexts.ts';
import { patchDns } from './edge/dns.ts';
import { patchHttp } from './edge/http/patch-http.ts';
import { patchDispatcher, patchOwnUndici } from './edge/undici/patch-undici.ts';
import { patchZlib } from './edge/zlib/patch.ts';
import type { Patcher } from './globals/patch.ts';
import { patchConversations } from './puppets/patch-conversations.ts';
import { patchSqlite } from './puppets/sqlite/patch.ts';
import { patchWebSocket } from './puppets/websocket/patch.ts';
import { patchWorkers } from './puppets/worker/patch.ts';

export { patchDispatcher };

/** Patches them. Once per process, outside of all sessions. */
export function patchLate(patcher: Patcher): void {
  patchHttp(patcher);
  patchContexts(patcher);
  patchConversations(patcher);
  patchZlib(patcher);
  patchDns(patcher);
  patchSqlite(patcher);
  patchWorkers(patcher);
  patchWebSocket(patcher);
  whenFetchLoaded(() => patchOwnUndici(patcher));
}
