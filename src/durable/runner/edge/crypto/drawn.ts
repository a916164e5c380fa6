// Functions of node:crypto whose result OpenSSL draws: the result is recorded, since what was sealed with it stands outside.
import type { Session } from '../../../replay/session/session-api.ts';
import type { Patcher } from '../../globals/patch.ts';
import { isDrawnSignature, shownKey } from './key-facts.ts';
import { nodeCrypto, originals } from './originals.ts';

type AnyFunction = (...args: unknown[]) => unknown;
type Callback = (error: unknown, ...values: unknown[]) => void;

/** How one function leaves. */
interface Drawn {
  /** Whether chance decides with these arguments; always when absent. */
  readonly isDrawn?: (args: readonly unknown[]) => boolean;
  /** What of the arguments is compared on replay. */
  readonly shown: (args: readonly unknown[]) => readonly unknown[];
}

const asIs = (args: readonly unknown[]): readonly unknown[] => args;
const sizeOf = (data: unknown): unknown => (ArrayBuffer.isView(data) ? data.byteLength : typeof data === 'string' ? data.length : null);

const FUNCTIONS: Readonly<Record<string, Drawn>> = {
  generateKeyPairSync: { shown: asIs },
  generateKeyPair: { shown: asIs },
  generateKeySync: { shown: asIs },
  generateKey: { shown: asIs },
  generatePrimeSync: { shown: asIs },
  generatePrime: { shown: asIs },
  sign: {
    isDrawn: ([, , key]) => isDrawnSignature(key),
    shown: ([algorithm, data, key]) => [algorithm ?? null, sizeOf(data), shownKey(key)],
  },
  publicEncrypt: { shown: ([key, data]) => [shownKey(key), sizeOf(data)] },
  encapsulate: { shown: ([key]) => [shownKey(key)] },
};

const ORIGINALS = originals(nodeCrypto, Object.keys(FUNCTIONS));

/** Gives the outcome to the program's callback: as many values as the original gave. */
function withCallback(session: Session, fn: string, shown: readonly unknown[], start: (done: Callback) => void, callback: Callback): void {
  const run = (): Promise<readonly unknown[]> =>
    new Promise((resolve, reject) =>
      start((error, ...values) => (error === null || error === undefined ? resolve(values) : reject(error as Error))),
    );
  session.world.callBack<readonly unknown[] | undefined>({ fn, args: shown, run }, (error, values) => callback(error, ...(values ?? [])));
}

function patchOne(patcher: Patcher, name: string, original: AnyFunction, { isDrawn, shown }: Drawn): void {
  const fn = `node:crypto.${name}`;
  patcher.replace(nodeCrypto, name, 'own', (...args: unknown[]): unknown => {
    const session = patcher.session();
    const last = args.at(-1);
    const isAsync = typeof last === 'function';
    const given = isAsync ? args.slice(0, -1) : args;
    if (session === undefined) return Reflect.apply(original, nodeCrypto, args);
    const drawn = isDrawn?.(given) ?? true;
    // What is a function of the key and the data is made again.
    if (!isAsync && !drawn) return Reflect.apply(original, nodeCrypto, args);
    if (!isAsync) return session.world.callSync(fn, shown(given), false, () => Reflect.apply(original, nodeCrypto, given));
    const start = (done: Callback): unknown => Reflect.apply(original, nodeCrypto, [...given, done]);
    if (drawn) withCallback(session, fn, shown(given), start, last as Callback);
    else
      session.world.hop<readonly [unknown, ...unknown[]]>(
        (done) => start((...outcome) => done(outcome)),
        (outcome) => (last as Callback)(...outcome),
      );
    return undefined;
  });
}

/** Keys, primes, signatures and encryption that OpenSSL draws for. */
export function patchDrawn(patcher: Patcher): void {
  for (const [name, original] of ORIGINALS) {
    const drawn = FUNCTIONS[name];
    if (drawn !== undefined) patchOne(patcher, name, original, drawn);
  }
}
