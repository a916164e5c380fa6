// The surroundings of a random expression: what it names, and how its outcome is told. Every read by getter and every call leaves a line.

export const MODULE = (expression: string): string => `
export async function run({ o, f, key, say, Base }) {
  const k = 'f', nil = null, nothing = undefined;
  const local = (...args) => { say('local', args); return o; };
  class K { constructor(...args) { say('new K', args); this.a = o; } static f() { say('K.f', [this === K]); return this; } }
  class Derived extends Base {
    #p(...args) { say('#p', [this instanceof Derived, ...args]); return o; }
    #q = f;
    m(...args) { say('overridden', args); return o; }
    async run() { return ${expression}; }
  }
  return await new Derived().run();
}`;

export interface Outcome {
  readonly value: string;
  readonly lines: readonly string[];
}

/** Runs a compiled \`run\` and tells what came out and what happened on the way. */
export async function outcomeOf(run: (scope: object) => Promise<unknown>): Promise<Outcome> {
  const lines: string[] = [];
  const names = new Map<unknown, string>();
  const nameOf = (value: unknown): string => {
    const known = names.get(value);
    if (known !== undefined) return known;
    if (Array.isArray(value)) return `[${value.map(nameOf).join()}]`;
    return typeof value === 'object' && value !== null
      ? `{${Object.keys(value).join()}}`
      : typeof value === 'function'
        ? 'function'
        : typeof value === 'symbol'
          ? 'symbol'
          : `${typeof value} ${JSON.stringify(value)}`;
  };
  const say = (what: string, args: readonly unknown[]): void => {
    if (lines.length < 200) lines.push(`${what}(${args.map(nameOf).join()})`);
  };
  function f(this: unknown, ...args: unknown[]): unknown {
    say(`f of ${this === undefined ? 'nothing' : nameOf(this)}`, args);
    return args.length % 2 === 0 ? o : inner;
  }
  const inner = {
    n: null,
    f,
    get self() {
      say('inner.self', []);
      return inner;
    },
  };
  const o: Record<string, unknown> = {
    a: inner,
    n: null,
    f,
    get g() {
      say('o.g', []);
      return f;
    },
    get self() {
      say('o.self', []);
      return o;
    },
  };
  class Base {
    get a(): unknown {
      say('Base.a', [this instanceof Base]);
      return f;
    }
    m(...args: unknown[]): unknown {
      say('Base.m', [this instanceof Base, ...args]);
      return o;
    }
  }
  names.set(o, 'o').set(inner, 'inner').set(f, 'f').set(undefined, 'undefined').set(null, 'null');
  const key = (value: unknown): string => {
    say('key', [value]);
    return 'f';
  };
  try {
    return { value: nameOf(await run({ o, f, key, say, Base })), lines };
  } catch (error) {
    // V8 repeats its words for what it cannot name, once for each part that it passes on its way.
    const message = (error as Error).message.replaceAll(/(?:\(intermediate value\))+/g, '(intermediate value)');
    return { value: `${(error as Error).constructor.name}: ${message}`, lines };
  }
}
