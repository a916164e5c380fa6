// node:dns: each question is a call, its answer data. What is no question of names (an address, an empty name) Node answers by itself.
import dns from 'node:dns';
import { isIP } from 'node:net';
import type { Session } from '../../replay/session/session-api.ts';
import type { Patcher } from '../globals/patch.ts';

type AnyFunction = (...args: unknown[]) => unknown;
type Callback = (error: unknown, ...values: unknown[]) => void;

const QUESTIONS = [
  'lookup',
  'lookupService',
  'resolve',
  'resolve4',
  'resolve6',
  'resolveAny',
  'resolveCaa',
  'resolveCname',
  'resolveMx',
  'resolveNaptr',
  'resolveNs',
  'resolvePtr',
  'resolveSoa',
  'resolveSrv',
  'resolveTlsa',
  'resolveTxt',
  'reverse',
] as const;

interface Holder {
  readonly holder: object;
  /** As the journal calls its functions. */
  readonly name: string;
  readonly isPromise: boolean;
}

const HOLDERS: readonly Holder[] = [
  { holder: dns, name: 'node:dns', isPromise: false },
  { holder: dns.promises, name: 'node:dns/promises', isPromise: true },
  { holder: dns.Resolver.prototype, name: 'node:dns.Resolver', isPromise: false },
  { holder: dns.promises.Resolver.prototype, name: 'node:dns/promises.Resolver', isPromise: true },
];

/** What the call is made with, and what of it is shown. */
interface Question {
  readonly session: Session;
  readonly fn: string;
  readonly receiver: unknown;
  readonly original: AnyFunction;
  readonly args: readonly unknown[];
}

function ask({ session, fn, receiver, original, args }: Question, callback: Callback): void {
  const run = (): Promise<readonly unknown[]> =>
    new Promise((resolve, reject) => {
      Reflect.apply(original, receiver, [
        ...args,
        (error: unknown, ...values: unknown[]) => (error === null || error === undefined ? resolve(values) : reject(error as Error)),
      ]);
    });
  session.world.callBack<readonly unknown[] | undefined>({ fn, args, run }, (error, values) => callback(error, ...(values ?? [])));
}

/** Whether Node answers without asking anybody, or refuses the arguments. */
const isNoQuestion = (name: string, [first]: readonly unknown[]): boolean =>
  typeof first !== 'string' || (name === 'lookup' && (first === '' || isIP(first) !== 0));

function patchQuestion(patcher: Patcher, { holder, name: module, isPromise }: Holder, name: string, original: AnyFunction): void {
  const fn = `${module}.${name}`;
  patcher.replace(holder, name, 'own', function (this: unknown, ...args: unknown[]): unknown {
    const session = patcher.session();
    const last = args.at(-1);
    const isAsked = isPromise || typeof last === 'function';
    if (session === undefined || !isAsked || isNoQuestion(name, args)) return Reflect.apply(original, this, args);
    const question = { session, fn, receiver: this, original };
    if (isPromise) return session.world.call({ fn, args, run: async () => await Reflect.apply(original, this, args) });
    // A resolver gives its question back; nothing of it can be used.
    ask({ ...question, args: args.slice(0, -1) }, last as Callback);
    return {};
  });
}

/** The servers of the machine. Those that the program sets are set again by it. */
function patchServers(patcher: Patcher, { holder, name: module }: Holder): void {
  const original = Reflect.get(holder, 'getServers') as AnyFunction | undefined;
  if (typeof original !== 'function') return;
  patcher.replace(holder, 'getServers', 'own', function (this: unknown): unknown {
    const session = patcher.session();
    const read = (): unknown => Reflect.apply(original, this, []);
    return session === undefined ? read() : session.world.callSync(`${module}.getServers`, [], false, read);
  });
}

/** Names in a session. */
export function patchDns(patcher: Patcher): void {
  for (const holder of HOLDERS) {
    for (const name of QUESTIONS) {
      const original: unknown = Reflect.get(holder.holder, name);
      if (typeof original === 'function') patchQuestion(patcher, holder, name, original as AnyFunction);
    }
    patchServers(patcher, holder);
  }
}
