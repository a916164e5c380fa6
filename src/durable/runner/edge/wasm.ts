// WebAssembly: compiling is work of other threads; making an instance calls functions of the program, so it happens where that runs.
import type { Patcher } from '../globals/patch.ts';
import { hopPromise } from './hop.ts';

const RealProxy = Proxy;

type WasmModule = object;
interface WasmInstance {
  readonly exports: object;
}
type Imports = object | undefined;
type Source = ArrayBuffer | ArrayBufferView;
type Streamed = Response | Promise<Response>;

/** The functions of WebAssembly; the libraries of types that are used here do not have them. */
interface Wasm {
  readonly Module: new (source: Source) => WasmModule;
  readonly Instance: new (module: WasmModule, imports?: Imports) => WasmInstance;
  readonly compile: (source: Source) => Promise<WasmModule>;
  readonly instantiate: (source: Source | WasmModule, imports?: Imports) => Promise<unknown>;
  readonly compileStreaming?: (source: Streamed) => Promise<WasmModule>;
  readonly instantiateStreaming?: (source: Streamed, imports?: Imports) => Promise<unknown>;
}

const wasm = Reflect.get(globalThis, 'WebAssembly') as Wasm;
const { compile, compileStreaming, instantiate, instantiateStreaming, Module, Instance } = wasm;

/** The functions that an instance gives are code that the program runs, not calls to the outside. */
function marked(patcher: Patcher, instance: WasmInstance): WasmInstance {
  for (const value of Object.values(instance.exports))
    if (typeof value === 'function') patcher.realm.kinds.mark(value as object, 'language');
  return instance;
}

function patchInstance(patcher: Patcher): void {
  const exported: object = new RealProxy(Instance, {
    construct: (_target, args: unknown[], asked) =>
      marked(patcher, Reflect.construct(Instance, args, (asked as unknown) === exported ? Instance : asked) as WasmInstance),
  });
  patcher.realm.kinds.mark(exported, 'language');
  Object.defineProperty(wasm, 'Instance', { value: exported, writable: true, configurable: true, enumerable: false });
}

/** WebAssembly in a session. */
export function patchWasm(patcher: Patcher): void {
  const make = (module: WasmModule, imports: Imports): WasmInstance => marked(patcher, new Instance(module, imports));
  const compiled = async (source: Source): Promise<WasmModule> => {
    const session = patcher.session();
    const start = (): Promise<WasmModule> => Reflect.apply(compile, wasm, [source]);
    return (await (session === undefined ? start() : hopPromise(session, start))) as WasmModule;
  };
  const streamed = async (source: Streamed): Promise<WasmModule> => await compiled(await (await source).arrayBuffer());
  patchInstance(patcher);
  patcher.replace(wasm, 'compile', 'language', compiled);
  patcher.replace(wasm, 'instantiate', 'language', async (source: Source | WasmModule, imports?: Imports): Promise<unknown> => {
    if (patcher.session() === undefined) return await Reflect.apply(instantiate, wasm, [source, imports]);
    if (source instanceof Module) return make(source, imports);
    const module = await compiled(source as Source);
    return { module, instance: make(module, imports) };
  });
  // Node takes streams of its fetch from 18 on; a runtime without them has nothing to patch.
  if (compileStreaming === undefined || instantiateStreaming === undefined) return;
  patcher.replace(wasm, 'compileStreaming', 'language', async (source: Streamed): Promise<unknown> => {
    return patcher.session() === undefined ? await Reflect.apply(compileStreaming, wasm, [source]) : await streamed(source);
  });
  patcher.replace(wasm, 'instantiateStreaming', 'language', async (source: Streamed, imports?: Imports): Promise<unknown> => {
    if (patcher.session() === undefined) return await Reflect.apply(instantiateStreaming, wasm, [source, imports]);
    const module = await streamed(source);
    return { module, instance: make(module, imports) };
  });
}
