// One place for the words of refused calls: sessions and plain processes say the same. Thrown at the caller, never recorded.
import type { FunctionEntry, FileTable, UnguardedStatement } from '../../base/builds/build.ts';
import { ResproutError, type SourcePlace } from '../../base/errors/errors.ts';

/** Where call() was called; undefined when no frame of the user is on the stack. */
export type CallPlace = SourcePlace | undefined;

/** A top-level const made by a call, as the file that declares it shows it. */
export interface WrappedConst {
  readonly name: string;
  /** Text of the call that made it, such as `_.memoize(exported)`. */
  readonly made: string;
  /** File that declares it, relative to the project root. */
  readonly file: string;
}

const MOVE = 'Move it to the top level of a file and pass what it needs as arguments.';
const at = (place: CallPlace): string => (place === undefined ? '' : ` at ${place.file}:${place.line}:${place.column}`);
const quoted = (text: string | undefined): string => `"${text ?? 'anonymous'}"`;

function notTopLevel(message: string, place: CallPlace): ResproutError {
  return new ResproutError('REMOTE_FUNCTION_NOT_TOP_LEVEL', message, { at: place, tried: 'to find the function for the far side' });
}

function reasonOf(why: NonNullable<FunctionEntry['why']>): string {
  switch (why.rule) {
    case 'nested':
      return `is made inside ${quoted(why.wraps)}; its closure can't travel`;
    case 'wrapped':
      return `is handed to ${why.wraps ?? 'a function'}(); what comes out of it is another function`;
    case 'class':
      return `is the class ${quoted(why.wraps)}; call a static method of it, or a function that makes an instance there`;
    case 'instance':
      return `is ${quoted(why.wraps)}, a method of instances; the far side has no such instance`;
    case 'private':
      return `is the private method ${quoted(why.wraps)}; nothing outside its class can reach it`;
    case 'accessor':
      return `is the getter or setter ${quoted(why.wraps)}`;
    case 'computed':
      return `has a computed name, ${why.wraps ?? '[…]'}`;
    case 'reassigned':
      return `is ${quoted(why.wraps)}, which gets a new value later in the file`;
  }
}

/** A function of the user that no accessor reaches: nested, a class, a method of instances… `file` is shown with the entry's place. */
export function refusedFunction(entry: FunctionEntry, file: string, place: CallPlace): ResproutError {
  const reason = reasonOf(entry.why ?? { rule: 'nested' });
  return notTopLevel(`the function given to call()${at(place)} ${reason} (${file}:${entry.line}:${entry.column}). ${MOVE}`, place);
}

/** What memoize(), once(), bind() or a factory made of a function of the user. */
export function refusedWrapped(wrapped: WrappedConst, place: CallPlace): ResproutError {
  return notTopLevel(
    `${quoted(wrapped.name)}, given to call()${at(place)}, is ${wrapped.made} (${wrapped.file}): what comes out of that is another function, ` +
      `and the far side can't find it by its place. Export it and give fnRef(import.meta, '${wrapped.name}'), ` +
      'or give your own function and wrap it over there.',
    place,
  );
}

/** A bound function: `name` as it says itself, with `bound ` in front. */
export function refusedBound(name: string, place: CallPlace): ResproutError {
  return notTopLevel(
    `the function given to call()${at(place)} is bound ("${name}"); a bound this and bound arguments can't travel. ` +
      'Give the function itself and pass them as arguments.',
    place,
  );
}

/** A function of the language: `Math.max`, `fetch`. */
export function refusedNative(name: string, place: CallPlace): ResproutError {
  return notTopLevel(
    `the function given to call()${at(place)} is "${name}" of the language itself. Wrap it in a function of your own.`,
    place,
  );
}

/** A function of this package: `sleep`. */
export function refusedOwn(name: string, place: CallPlace): ResproutError {
  return notTopLevel(`the function given to call()${at(place)} is "${name}" of this package. Wrap it in a function of your own.`, place);
}

/** A function of a package (or of Node's inner files) that no import of the program leads to. */
export function refusedForeign(name: string, owner: string | undefined, place: CallPlace): ResproutError {
  return notTopLevel(
    `the function given to call()${at(place)} is ${quoted(name || undefined)} of ${owner ?? 'a package'}, not one of your files: ` +
      'something like memoize() wrapped yours, or the package does not export it. Give your own function, and wrap it over there.',
    place,
  );
}

/** A function of `-e`, eval, new Function or a data: url. */
export function refusedNoFile(place: CallPlace): ResproutError {
  return notTopLevel(`the function given to call()${at(place)} is not in a file (eval, -e or new Function). Put it into a file.`, place);
}

/** No such function in a file: lists the first twelve that it has. */
export function missingFunction(file: string, name: string, table: FileTable | undefined): ResproutError {
  const names = (table?.functions ?? []).flatMap((entry) => (entry.path === null ? [] : [entry.path.join('.')]));
  const has = names.length === 0 ? 'it has none' : `it has ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`;
  return new ResproutError('REMOTE_FUNCTION_MISSING', `${file} has no top-level function "${name}"; ${has}.`);
}

/** The first argument of call() is neither a function nor a fnRef. */
export function notAFunction(value: unknown, place: CallPlace): ResproutError {
  const kind = value === null ? 'null' : typeof value;
  return new ResproutError(
    'REMOTE_NOT_A_FUNCTION',
    `call()${at(place)} wants a function or fnRef(import.meta, 'name') first, and got ${kind}.`,
    { at: place },
  );
}

/** The entry file is part of what the far side loads, and it does something there. */
export function mainUnguarded(file: string, statement: UnguardedStatement): ResproutError {
  return new ResproutError(
    'REMOTE_MAIN_UNGUARDED',
    `${file}:${statement.line}:${statement.column} runs when the file is loaded, so it would run again on the far side:\n` +
      `    ${statement.text}\nPut it behind\n    if (import.meta.main) { … }\nor move the functions you call to a file of their own.`,
  );
}

/** A file differs from what the process runs. */
export function sourceChanged(file: string): ResproutError {
  return new ResproutError(
    'REMOTE_SOURCE_CHANGED',
    `${file} was edited after this program loaded it; the far side would get other code than the one that runs here. Start the program again.`,
  );
}

/** The process runs a text that is neither the file's nor one that can be traced to it. */
export function otherText(file: string): ResproutError {
  return new ResproutError(
    'REMOTE_SOURCE_CHANGED',
    `This process runs another text of ${file} than the one on the disk: a loader made it and left no source map in it. ` +
      `The far side would get the file, which may be other code.`,
    { do: 'Let the loader write inline source maps, or give the function by its name: fnRef(import.meta, name)' },
  );
}

/** A file that the far side loads imports something that is not there. */
export function missingModule(specifier: string, from: string): ResproutError {
  return new ResproutError(
    'REMOTE_MODULE_MISSING',
    `Cannot find '${specifier}' imported from ${from}; the far side could not load it either`,
    {
      saw: `no module '${specifier}' for ${from}`,
    },
  );
}

/** A file that the far side loads needs a native add-on. */
export function nativeModule(file: string, from: string): ResproutError {
  return new ResproutError(
    'REMOTE_MODULE_DENIED',
    `${from} loads the native add-on ${file}, which cannot travel: Node loads those from a real file only (rule: native)`,
    { do: 'Call a function of a file that does not import this package' },
  );
}

/** A Runtime is loaded where it runs, by the name under which its file exports it. */
export function notExported(name: string, file: string): ResproutError {
  const where = file === '' ? 'no file' : file;
  return new ResproutError(
    'RUNTIME_INVALID',
    `${quoted(name)} is not found among the exports of ${where}: it is loaded by its name where it runs`,
    {
      tried: `find the export ${name}`,
      saw: `no export ${name} in ${where}`,
      do: 'Export the class or the object under its own name, with run written in it',
    },
  );
}
