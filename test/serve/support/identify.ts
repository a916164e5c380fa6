// Preloaded into test programs: `identify(fn)` asks the finder of a plain process as context.call does, without a far side.
import { callFrames } from '../../../src/platform/engine/call-sites.ts';
import { createDisk } from '../../../src/platform/disk/disk.ts';
import { programFacts } from '../../../src/platform/process/program-facts.ts';
import { createPlainServe } from '../../../src/remote/serve/index.ts';

const { entryFile, startedMs } = programFacts();
const serve = createPlainServe({ disk: createDisk({ sync: false }), entryFile, cacheFolder: undefined, startedMs });

const identify = (fn: unknown): Promise<unknown> => serve.identify(fn, callFrames().slice(1));
Object.assign(globalThis, { identify, context: { call: identify }, errorClass: serve.errorClass });
