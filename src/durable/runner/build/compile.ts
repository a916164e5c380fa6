import { Script } from 'node:vm';
import { ResproutError } from '../../../base/errors/errors.ts';
import type { Hook, ImportFunction } from '../../replay/calls/hook-contract.ts';

/** A module function of an ES module; see `durable/transform/module-form.ts` for its steps. */
export type EsmFunction = (this: undefined, hook: Hook, meta: object, load: ImportFunction) => Generator<unknown, void, unknown>;

/** Gives the classes of a file by name; throws while one is in its dead zone. */
export type ClassAccessor = (name: string) => unknown;

/** A module function of a CommonJS file. `this` is `exports`. */
export type CommonJsFunction = (
  this: unknown,
  hook: Hook,
  load: ImportFunction,
  classes: (accessor: ClassAccessor) => void,
  exports: unknown,
  require: unknown,
  module: object,
  filename: string,
  dirname: string,
) => void;

/** What is compiled: one text under one name. */
export interface ModuleSource {
  /** Url of the file with the key of the text behind `?`: two builds of one file stay apart in stacks and debuggers. */
  readonly name: string;
  readonly text: string;
  /** JSON text of the map; asked for only when maps are wanted. */
  map(): string;
}

const commonJsNames = new Set<string>();

/** Whether a script is a CommonJS file of a program, which stacks name by its path. @param name as in `ModuleSource` */
export function isCommonJsScript(name: string): boolean {
  return commonJsNames.has(name);
}

/**
 * Compiles module functions, each once per process, shared by all sessions and by all builds with the same text.
 * Node reads no map from a `vm.Script`, but from an indirect eval that names its source, and keeps it for whatever has that name. So an empty text
 * is evaluated for the map. The module itself is none: in stacks V8 calls every nameless function of such a text `eval`.
 */
export class Compiler {
  readonly #compiled = new Map<string, unknown>();
  readonly #maps: boolean;
  readonly #onText: (text: string) => void;

  /** @param maps whether stacks shall show TypeScript places @param onText told of each text before it is compiled */
  constructor(maps: boolean, onText: (text: string) => void = () => {}) {
    this.#maps = maps;
    this.#onText = onText;
  }

  esm(source: ModuleSource): EsmFunction {
    // The transform writes a generator function of exactly this shape.
    return this.#compile(source) as EsmFunction;
  }

  commonJs(source: ModuleSource): CommonJsFunction {
    commonJsNames.add(source.name);
    return this.#compile(source) as CommonJsFunction;
  }

  #giveMap(source: ModuleSource): void {
    const text = `//# sourceURL=${source.name}\n//# sourceMappingURL=data:application/json;base64,${encodeBase64(source.map())}`;
    // oxlint-disable-next-line no-eval -- a text without code; see the class comment
    Reflect.apply(eval, undefined, [text]);
  }

  #compile(source: ModuleSource): unknown {
    const known = this.#compiled.get(source.name);
    if (known !== undefined) return known;
    this.#onText(source.text);
    try {
      const fn: unknown = new Script(source.text, { filename: source.name }).runInThisContext();
      if (this.#maps) this.#giveMap(source);
      this.#compiled.set(source.name, fn);
      return fn;
    } catch (error) {
      // The build has parsed the file, so only a Node that is older than its syntax refuses it.
      throw new ResproutError(
        'TRANSFORM_UNSUPPORTED',
        `${source.name} uses syntax that the Node of this runner does not know`,
        {
          tried: `to load ${source.name}`,
          saw: String(error),
          do: 'Run it on a newer Node, or write the line in an older form',
        },
        { cause: error },
      );
    }
  }
}

function encodeBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}
