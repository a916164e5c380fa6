// The refusals of test/fixtures/programs/forms, word for word.

const MOVE = 'Move it to the top level of a file and pass what it needs as arguments.';
const given = 'the function given to call() at F/addresses.ts:S';
const notTop = (why: string, place: string): string => `${given} ${why} (F/${place}). ${MOVE}`;
const wrapped = (name: string, made: string): string =>
  `"${name}", given to call() at F/addresses.ts:S, is ${made} (lib/shapes.ts): what comes out of that is another function, ` +
  `and the far side can't find it by its place. Export it and give fnRef(import.meta, '${name}'), ` +
  'or give your own function and wrap it over there.';

/** Refusals, with F for the program's folder and S for line and column of the call. */
export const REFUSED: Readonly<Record<string, string>> = {
  'kept by a call !': notTop('is handed to keep(); what comes out of it is another function', 'lib/shapes.ts:102:26'),
  'reassigned !': notTop('is "reassigned", which gets a new value later in the file', 'lib/shapes.ts:27:1'),
  'inner !': notTop(`is made inside "outer"; its closure can't travel`, 'lib/shapes.ts:93:10'),
  'inner of a curried one !': notTop(`is made inside "curried"; its closure can't travel`, 'lib/shapes.ts:91:14'),
  'object two levels deep !': notTop(`is made inside "ops"; its closure can't travel`, 'lib/shapes.ts:67:5'),
  'accessor !': notTop('is the getter or setter "ops.seen"', 'lib/shapes.ts:71:7'),
  'computed !': notTop('has a computed name, ["comp" + "uted"]', 'lib/shapes.ts:52:20'),
  'class !': notTop('is the class "K"; call a static method of it, or a function that makes an instance there', 'lib/shapes.ts:34:8'),
  'method !': notTop('is "K.m", a method of instances; the far side has no such instance', 'lib/shapes.ts:42:3'),
  'private !': notTop('is the private method "#p"; nothing outside its class can reach it', 'lib/shapes.ts:46:10'),
  'immediate !': notTop(`is made inside "made"; its closure can't travel`, 'lib/shapes.ts:109:3'),
  'here !': notTop(`is made inside "cases"; its closure can't travel`, 'cases.ts:97:20'),
  'Math.max !': `${given} is "max" of the language itself. Wrap it in a function of your own.`,
  'fetch !': `${given} is "fetch" of the language itself. Wrap it in a function of your own.`,
  'own !': `${given} is "sleep" of this package. Wrap it in a function of your own.`,
  'no function !': "call() at F/addresses.ts:S wants a function or fnRef(import.meta, 'name') first, and got object.",
  'null !': "call() at F/addresses.ts:S wants a function or fnRef(import.meta, 'name') first, and got null.",
  'fnRef missing !': 'F/cases.ts has no top-level function "nope"; it has inEntry, marked.',
  'wrapped !': wrapped('wrapped', 'wrap(exported)'),
  'memoized !': wrapped('memo', '_.memoize(exported)'),
  'bound !': wrapped('bound', 'exported.bind(null, 3)'),
  'bound here !': `${given} is bound ("bound exported"); a bound this and bound arguments can't travel. Give the function itself and pass them as arguments.`,
  'memoized elsewhere !':
    `${given} is "memoized" of wraps, not one of your files: something like memoize() wrapped yours, or the package does not export it. ` +
    'Give your own function, and wrap it over there.',
  'new Function !': `${given} is not in a file (eval, -e or new Function). Put it into a file.`,
};
