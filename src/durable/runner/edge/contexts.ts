// A context of node:vm has a clock and a chance of its own: in one that a program makes they are those of the session that runs.
import vm from 'node:vm';
import type { Patcher } from '../globals/patch.ts';
import { real } from '../globals/real.ts';

type Sandbox = vm.Context | typeof vm.constants.DONT_CONTEXTIFY | undefined;

interface Settings extends vm.RunningScriptInNewContextOptions {
  readonly microtaskMode?: 'afterEvaluate';
}

/** Runs inside the context. `Date` there keeps its prototype, as in `globals/date.ts`. */
const DATE = `(nowMs) => {
  const RealDate = Date;
  const { construct } = Reflect;
  const patched = { Date: function (...args) {
    if (new.target === undefined) return new RealDate(nowMs()).toString();
    return construct(RealDate, args.length === 0 ? [nowMs()] : args, new.target === patched ? RealDate : new.target);
  } }.Date;
  const { parse, UTC } = Object.getOwnPropertyDescriptors(RealDate);
  const now = { value: { now: () => nowMs() }.now, writable: true, enumerable: false, configurable: true };
  Object.defineProperties(patched, { length: { value: 7, configurable: true }, parse, UTC, now, prototype: { value: RealDate.prototype } });
  Object.defineProperty(RealDate.prototype, 'constructor', { value: patched, writable: true, enumerable: false, configurable: true });
  Object.defineProperty(globalThis, 'Date', { value: patched, writable: true, enumerable: false, configurable: true });
}`;
const RANDOM = `(fraction) => {
  Object.defineProperty(Math, 'random', { value: { random: () => fraction() }.random, writable: true, enumerable: false, configurable: true });
}`;

const { createContext, runInContext, runInNewContext, Script } = vm;
const runScript = Script.prototype.runInNewContext;

/** What a context is made with, of the settings of what runs in it. */
function contextSettings(settings: Settings | string | undefined): vm.CreateContextOptions {
  if (typeof settings !== 'object') return {};
  const { contextName: name, contextOrigin: origin, contextCodeGeneration: codeGeneration, microtaskMode } = settings;
  const given = Object.entries({ name, origin, codeGeneration, microtaskMode }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as vm.CreateContextOptions;
}

/** Contexts of node:vm in a session. */
export function patchContexts(patcher: Patcher): void {
  const nowMs = (): number => patcher.world()?.nowMs() ?? real.Date.now();
  const fraction = (): number => patcher.world()?.fraction() ?? real.random();
  const made = (sandbox: Sandbox, settings?: vm.CreateContextOptions): vm.Context => {
    const isNew = patcher.world() !== undefined && !(typeof sandbox === 'object' && vm.isContext(sandbox));
    const has = (name: string): boolean => typeof sandbox === 'object' && name in sandbox;
    // What the program gives it to see is the program's own.
    const [isDateOwn, isMathOwn] = [has('Date'), has('Math')];
    const context = Reflect.apply(
      createContext as (...args: unknown[]) => vm.Context,
      vm,
      settings === undefined ? [sandbox] : [sandbox, settings],
    );
    const give = (text: string, source: () => number): void => (runInContext(text, context) as (source: () => number) => void)(source);
    if (isNew && !isDateOwn) give(DATE, nowMs);
    if (isNew && !isMathOwn) give(RANDOM, fraction);
    return context;
  };
  patcher.replace(vm, 'createContext', 'language', (sandbox: Sandbox = {}, settings?: vm.CreateContextOptions) => made(sandbox, settings));
  patcher.replace(vm, 'runInNewContext', 'language', (code: string, sandbox: Sandbox = {}, settings?: Settings | string): unknown =>
    runInNewContext(code, made(sandbox, contextSettings(settings)), settings),
  );
  patcher.replace(
    Script.prototype,
    'runInNewContext',
    'language',
    function (this: vm.Script, sandbox: Sandbox = {}, settings?: Settings): unknown {
      return Reflect.apply(runScript, this, [made(sandbox, contextSettings(settings)), settings]) as unknown;
    },
  );
}
