// Instances of classes by their data, and what stands in for fields that have none.
import { ResproutError } from '../../../base/errors/errors.ts';
import { JOURNAL_TAG, PropertyHook, classNameOf, type ValueExtension } from '../../../wire/index.ts';
import { isRecordLike } from './live-values.ts';
import { text } from './payload.ts';
import type { RecordOptions } from './record-options.ts';

/** What is left of a field that could not be written. */
export class Ghost {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** Decodes to a property that throws when it is read and can be overwritten. */
export const ghosts: ValueExtension = {
  tag: JOURNAL_TAG.GHOST,
  name: 'unrecorded field',
  matches: (value) => value instanceof Ghost,
  encode: (value) => (value instanceof Ghost ? value.why : null),
  decode(payload) {
    const why = text(payload);
    return new PropertyHook((target, key) => haunt(target, key, why));
  },
};

function haunt(target: object, key: string, why: string): void {
  Object.defineProperty(target, key, {
    enumerable: true,
    configurable: true,
    get() {
      throw new ResproutError('JOURNAL_VALUE_UNRECORDABLE', `".${key}" was not recorded: it ${why}`, {
        tried: `read ".${key}" of a recorded result`,
        saw: `it ${why}`,
        do: 'Read it inside activity() and return what you need of it',
      });
    },
    set(value: unknown) {
      Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
    },
  });
}

const MOST_CLASSES = 1000;
const copyClasses = new Map<string, new () => object>();
const copyPrototypes = new WeakSet<object>();

/** Whether a value is what a journal gave back of an instance: its data without its methods. */
export function isRecordedCopy(value: unknown): value is object {
  return typeof value === 'object' && value !== null && copyPrototypes.has(Object.getPrototypeOf(value) as object);
}

/** An empty class of this name. Its prototype is frozen, since sessions of one process share it. */
function copyClass(name: string): new () => object {
  const known = copyClasses.get(name);
  if (known !== undefined) return known;
  const Copy = class {};
  Object.defineProperty(Copy, 'name', { value: name, configurable: true });
  Object.freeze(Copy.prototype);
  copyPrototypes.add(Copy.prototype);
  if (copyClasses.size < MOST_CLASSES) copyClasses.set(name, Copy);
  return Copy;
}

/** Decodes to an object of an empty class of the same name. */
export function instances(flags: Pick<RecordOptions, 'ghosts' | 'behaviourIsLive'>): ValueExtension {
  return {
    tag: JOURNAL_TAG.INSTANCE,
    name: 'instance',
    withFields: true,
    matches: (value) => typeof value === 'object' && value !== null && isRecordLike(value, flags),
    encode: (value) => (typeof value === 'object' && value !== null ? classNameOf(value) : null),
    decode(payload) {
      const Copy = copyClass(text(payload));
      return new Copy();
    },
  };
}
