// What one file of a package imports, and which members of builtins it uses: `net.isIP` opens nothing, `net.connect` a connection.
import { builtinModule } from '../../platform/engine/builtins.ts';
import { lex, type Tokens } from './lex.ts';

/** One import of a file. */
export interface FileDependency {
  readonly specifier: string;
  readonly kind: 'i' | 'r';
}

/** What one file uses. Plain data: it is kept for all later builds. */
export interface FileUses {
  /** Imports that are no builtins. */
  readonly dependencies: readonly FileDependency[];
  /** Name of a builtin without `node:` to the members that are used; `*` when the whole of it is handed on. */
  readonly builtins: Readonly<Record<string, readonly string[]>>;
  /** `require` or `import()` of something that is computed. */
  readonly isComputed: boolean;
  /** Loads native code itself. */
  readonly hasDlopen: boolean;
}

const NOTHING: FileUses = { dependencies: [], builtins: {}, isComputed: false, hasDlopen: false };
const MAY_MATTER = /\brequire\b|\bimport\b|\bfrom\b|getBuiltinModule|dlopen/;
/** Names under which bundlers keep Node's own require. */
const REQUIRES: ReadonlySet<string> = new Set(['require', '__require', 'nodeRequire', 'require_']);

const bare = (specifier: string): string => (specifier.startsWith('node:') ? specifier.slice('node:'.length) : specifier);

class FileReader {
  readonly dependencies: FileDependency[] = [];
  readonly builtins = new Map<string, Set<string>>();
  isComputed = false;
  hasDlopen = false;
  readonly #tokens: Tokens;
  /** Local names to the builtin they stand for. */
  readonly #bound = new Map<string, string>();

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  read(): void {
    const { kinds, texts } = this.#tokens;
    for (let i = 0; i < kinds.length; i++) {
      if (kinds[i] !== 'w') continue;
      const word = texts[i] ?? '';
      if (REQUIRES.has(word) && texts[i + 1] === '(') this.#require(i);
      else if (word === 'import' && texts[i - 1] !== '.') this.#import(i);
      else if (word === 'from' && kinds[i + 1] === 's' && texts[i - 1] !== '.') this.#from(i);
      else if (word === 'getBuiltinModule') this.#builtinByName(i);
      else if (word === 'dlopen' && texts[i - 1] === '.' && texts[i - 2] === 'process') this.hasDlopen = true;
    }
    if (this.#bound.size > 0) this.#members();
  }

  #use(builtin: string, member: string | undefined): void {
    const known = this.builtins.get(builtin) ?? new Set();
    this.builtins.set(builtin, known);
    if (member !== undefined) known.add(member);
  }

  /** @returns whether it is a builtin */
  #depend(specifier: string, kind: 'i' | 'r'): boolean {
    if (builtinModule(specifier) !== undefined) {
      this.#use(bare(specifier), undefined);
      return true;
    }
    this.dependencies.push({ specifier, kind });
    return false;
  }

  /** `require(x)` and what is done with it: `const x = …`, `const { a, b } = …`, `….a`, `wrap(…)`. */
  #require(i: number): void {
    const { kinds, texts } = this.#tokens;
    const before = texts[i - 1];
    if (before === 'function' || (before === '.' && texts[i - 2] !== 'module' && texts[i - 2] !== 'process')) return;
    if (kinds[i + 2] !== 's' || texts[i + 3] !== ')') {
      if (texts[i + 2] !== ')') this.isComputed = true;
      return;
    }
    const specifier = texts[i + 2] ?? '';
    if (!this.#depend(specifier, 'r')) return;
    const builtin = bare(specifier);
    if (texts[i + 4] === '.') return this.#use(builtin, texts[i + 5]);
    let at = i - 1;
    while (at > 0 && (texts[at] === '(' || (kinds[at] === 'w' && texts[at + 1] === '('))) at--;
    if (texts[at] === '=' && kinds[at - 1] === 'w') this.#bound.set(texts[at - 1] ?? '', builtin);
    else if (texts[at] === '=' && texts[at - 1] === '}') this.#list(at - 1, builtin);
    else if (texts[at] !== ';') this.#use(builtin, '*');
    return undefined;
  }

  #import(i: number): void {
    const { kinds, texts } = this.#tokens;
    if (texts[i + 1] === '(') {
      if (kinds[i + 2] !== 's') this.isComputed = true;
      else if (this.#depend(texts[i + 2] ?? '', 'i')) this.#use(bare(texts[i + 2] ?? ''), '*');
    } else if (kinds[i + 1] === 's') this.#depend(texts[i + 1] ?? '', 'i');
  }

  /** `import a, { b } from x`, `export * from x`. */
  #from(i: number): void {
    const { kinds, texts } = this.#tokens;
    const specifier = texts[i + 1] ?? '';
    let at = i - 1;
    let listEnd: number | undefined;
    const names: string[] = [];
    if (texts[at] === '}') {
      listEnd = at;
      while (at >= 0 && texts[at] !== '{') at--;
      at--;
      if (texts[at] === ',') at--;
    }
    const isHead = (text: string | undefined): boolean => text === 'import' || text === 'export' || text === 'type';
    if (kinds[at] === 'w' && !isHead(texts[at])) {
      names.push(texts[at] ?? '');
      at--;
      if (texts[at] === 'as') at -= 2;
    } else if (texts[at] === '*') {
      names.push('*');
      at--;
    }
    if (texts[at] === ',') at -= 2;
    if (!isHead(texts[at]) && texts[at] !== '*' && kinds[at] !== 'w') return;
    if (!this.#depend(specifier, 'i')) return;
    const builtin = bare(specifier);
    if (listEnd !== undefined) this.#list(listEnd, builtin);
    for (const name of names) {
      if (name === '*' || texts[at] === 'export') this.#use(builtin, '*');
      else this.#bound.set(name, builtin);
    }
  }

  #builtinByName(i: number): void {
    const { kinds, texts } = this.#tokens;
    const name = texts[i + 2] ?? '';
    if (kinds[i + 2] === 's' && this.#depend(name, 'r')) this.#use(bare(name), '*');
  }

  /** The names of `{ a, b as c, d: e }`, from its closing brace backwards. */
  #list(end: number, builtin: string): void {
    const { texts } = this.#tokens;
    let first: string | undefined;
    for (let i = end - 1; i >= -1; i--) {
      const text = texts[i];
      if (text === undefined || text === '{' || text === ',') {
        if (first !== undefined) this.#use(builtin, first);
        first = undefined;
        if (text !== ',') return;
      } else first = text;
    }
  }

  /** Which members of the builtins are used by the names that stand for them. */
  #members(): void {
    const { kinds, texts } = this.#tokens;
    for (let i = 0; i < kinds.length; i++) {
      const builtin = kinds[i] === 'w' && texts[i - 1] !== '.' ? this.#bound.get(texts[i] ?? '') : undefined;
      if (builtin !== undefined) this.#member(i, builtin);
    }
  }

  #member(i: number, builtin: string): void {
    const { kinds, texts } = this.#tokens;
    const before = texts[i - 1] ?? '';
    let next = i + 1;
    if (texts[next] === ')' && before === ',') next++;
    if (texts[next] === '.' && texts[next + 1] === 'default') next += 2;
    if (texts[next] === '?' && texts[next + 1] === '.') next++;
    if (texts[next] === '.' && kinds[next + 1] === 'w') this.#use(builtin, texts[next + 1]);
    else if (texts[next] === '=' && texts[next + 1] !== '=') return;
    else if (before === 'import' || before === 'as' || texts[next] === 'from') return;
    else if (before === '=' && texts[i - 2] === '}') this.#list(i - 2, builtin);
    else if (texts[next] === ';' && /^(?:var|let|const|,)$/.test(before)) return;
    else this.#use(builtin, '*');
  }
}

/** What a text of JavaScript uses. */
export function fileUses(text: string): FileUses {
  if (!MAY_MATTER.test(text)) return NOTHING;
  const reader = new FileReader(lex(text));
  reader.read();
  const { dependencies, builtins, isComputed, hasDlopen } = reader;
  const seen = new Map(dependencies.map((dependency) => [`${dependency.kind}:${dependency.specifier}`, dependency]));
  return {
    dependencies: [...seen.values()],
    builtins: Object.fromEntries([...builtins].map(([name, members]) => [name, [...members]])),
    isComputed,
    hasDlopen,
  };
}
