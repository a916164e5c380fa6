// Hand-made builds and a host of its own for each test: the remote core without the module builder.
import type { ModuleBatch, ModuleServer, ServedFile } from '../../src/base/builds/build.ts';
import { ResproutError } from '../../src/base/errors/errors.ts';
import type { LogLine } from '../../src/base/seams/log.ts';
import { createDisk } from '../../src/platform/disk/disk.ts';
import { realClock } from '../../src/platform/time/clock.ts';
import { realRandom } from '../../src/platform/random.ts';
import { CallSide, type CallOrder } from '../../src/remote/calls/call-side.ts';
import type { ContextFacts } from '../../src/remote/hosts/host.ts';
import { type LocalHost, localHost } from '../../src/remote/hosts/local-host.ts';
import type { Recipe } from '../../src/remote/connect/index.ts';

/** A file of a hand-made build: its text, and the functions that the far side finds by number. */
export interface TestFile {
  readonly text: string;
  readonly functions?: readonly string[];
  readonly format?: ServedFile['format'];
  readonly exportNames?: readonly string[];
  readonly resolution?: Readonly<Record<string, string>>;
}

/** Builds by id, files by path. */
export type TestBuilds = Readonly<Record<string, Readonly<Record<string, TestFile>>>>;

function served(path: string, file: TestFile): ServedFile {
  const cases = (file.functions ?? []).map((name, n) => `case ${n}:return ${name};`).join('');
  const place = file.format === 'commonjs' ? '__filename' : 'import.meta.url';
  const tail =
    file.functions === undefined ? '' : `\n;globalThis[Symbol.for('resprout.far')]?.(${place},function(){switch(arguments[0]){${cases}}});`;
  return { path, format: file.format ?? 'module', text: file.text + tail, exportNames: file.exportNames };
}

/** Serves whole builds on the first request, and what `late` gives afterwards. */
export function testServer(builds: TestBuilds, late: (specifier: string) => ModuleBatch | undefined = () => undefined): ModuleServer {
  return {
    serve(request, have) {
      const build = builds[request.build];
      if (build === undefined) return Promise.reject(new ResproutError('REMOTE_MODULE_MISSING', `there is no build ${request.build}`));
      if (request.kind !== 'root') {
        const batch = late(request.specifier);
        if (batch !== undefined) return Promise.resolve(batch);
        return Promise.reject(new ResproutError('REMOTE_MODULE_DENIED', `${request.specifier} is outside of the project`));
      }
      const files = Object.entries(build).filter(([path]) => !have.has(path));
      return Promise.resolve({
        build: request.build,
        target: request.file,
        files: files.map(([path, file]) => served(path, file)),
        resolution: Object.fromEntries(files.map(([path, file]) => [path, file.resolution ?? {}])),
      });
    },
  };
}

/** A host with its calls; everything is closed by `await using`. */
export interface TestRig extends AsyncDisposable {
  readonly host: LocalHost;
  readonly side: CallSide;
  readonly lines: LogLine[];
  open(recipe?: Partial<Recipe>, more?: { readonly logLevel?: 'debug' | 'info'; readonly leaseMs?: number }): Promise<ContextFacts>;
  /** Calls function `n` of a file of build `b1`. */
  call(
    facts: ContextFacts,
    n: number,
    args?: readonly unknown[],
    options?: Partial<CallOrder> & { readonly file?: string; readonly build?: string },
  ): Promise<unknown>;
}

export function rig(server: ModuleServer): TestRig {
  const lines: LogLine[] = [];
  const host = localHost(
    { modules: server, log: (line) => void lines.push(line) },
    { clock: realClock, random: realRandom, disk: createDisk(), env: process.env },
  );
  const side = new CallSide(host, realClock);
  return {
    host,
    side,
    lines,
    open: (recipe, more) =>
      host.open({ recipe: { method: 'local', name: 'far', ...recipe } as Recipe, generation: 1, ...more }, new AbortController().signal),
    call: (facts, n, args = [], options = {}) => {
      const { build = 'b1', file = '/p/ops.js', ...order } = options;
      const identified = { address: { kind: 'function' as const, build, file, n }, label: `ops.js#${n}` };
      const place = new Error();
      return side.call({
        id: facts.id as never,
        name: 'far',
        identified,
        args,
        stack: () => (place.stack ?? '').replace(/^.*\n/, ''),
        ...order,
      });
    },
    [Symbol.asyncDispose]: () => host.closeAll(5000),
  };
}
