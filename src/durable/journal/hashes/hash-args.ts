import { isSecret } from '../../../base/secret.ts';
import { LIMITS, classNameOf, encodeValue, type ValueExtension } from '../../../wire/index.ts';
import { dataExtensions } from '../values/data-extensions.ts';
import { Hash64 } from './hash64.ts';
import type { NodeKinds } from '../values/node-kinds.ts';

/** How arguments are hashed. */
export interface HashOptions {
  readonly kinds: NodeKinds;
  /** The keyed hash of the text of a Secret. Without it every Secret counts alike. */
  readonly secretHash?: ((text: string) => string) | undefined;
}

/**
 * A hash of the arguments of a call, 13 characters: the same in record and replay when the arguments are the same data. Live objects
 * and unread bodies count by class name, functions by being functions, errors without their stacks. Tells changes of a program, not
 * attacks. Never throws for what cannot be written; a getter's own error goes through.
 */
export function hashArgs(args: readonly unknown[], options: HashOptions): string {
  const { chunks } = encodeValue(args, {
    root: 'arguments',
    extensions: [secrets(options.secretHash), ...dataExtensions(options.kinds)],
    limits: { depth: LIMITS.recordedValueDepth, bytes: Number.MAX_SAFE_INTEGER },
    isProxy: (value) => options.kinds.isProxy(value),
    refuse: standIn,
    arrayClasses: true,
    stacks: false,
  });
  const hash = new Hash64();
  for (const chunk of chunks) hash.update(chunk);
  return hash.text();
}

/** Unlike a name, it does not change when a bundler or an edit renames the function. */
function standIn(value: unknown, _path: string, why: string): string {
  if (typeof value === 'function') return 'function';
  if (typeof value === 'symbol') return `symbol ${value.description ?? ''}`;
  return why === 'is a proxy' || typeof value !== 'object' || value === null ? 'proxy' : `object ${classNameOf(value)}`;
}

function secrets(secretHash: HashOptions['secretHash']): ValueExtension {
  return {
    tag: 0,
    name: 'Secret',
    matches: isSecret,
    encode: (value) => (isSecret(value) ? (secretHash?.(value.reveal()) ?? 'secret') : null),
    decode: (payload) => payload,
  };
}
