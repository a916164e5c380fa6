// The broker thread's side of the contexts of a runner: router, dialling and far links are here. Modules are asked of the owner, lines and
// questions go to it. Loaded when the program may open contexts.
import type { ModuleBatch, ModuleServer } from '../../../base/builds/build.ts';
import { realClock } from '../../../platform/time/clock.ts';
import { createDisk } from '../../../platform/disk/disk.ts';
import { realRandom } from '../../../platform/random.ts';
import type { MessageEnd } from '../../../platform/links/thread.ts';
import type { Ask } from '../../../remote/connect/questions/ask.ts';
import { localHost, type LocalHost } from '../../../remote/hosts/local-host.ts';
import { servePortHost } from '../../../remote/hosts/serve-port-host.ts';
import { HANDLE } from '../../../wire/frames/handles.ts';
import type { OwnerLink } from '../channels/owner-link.ts';

/** Answers of the owner to what far sides ask for. */
function ownerModules(owner: OwnerLink): ModuleServer {
  return {
    async serve(request, have, signal) {
      signal.throwIfAborted();
      // The owner is our parent: what it sends is what its builder made.
      return (await owner.ask(HANDLE.GET_MODULE, { request, have: [...have] })) as ModuleBatch;
    },
  };
}

/** Serves the main thread. The host that is returned is closed before the process ends. */
export function serveContexts(port: MessageEnd, owner: OwnerLink, env: Readonly<Record<string, string>>): LocalHost {
  const ask: Ask = async (question) => {
    const text = await owner.ask(HANDLE.ASK, question);
    return typeof text === 'string' ? text : undefined;
  };
  const host = localHost(
    { modules: ownerModules(owner), log: (line) => owner.tell(HANDLE.LOG, line), ask },
    { clock: realClock, random: realRandom, disk: createDisk(), env },
  );
  servePortHost(port, host);
  return host;
}
