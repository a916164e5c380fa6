/** The names that the transform brings into a file, each with a suffix that the file does not use. */
export interface InjectedNames {
  /** The hook of the session. */
  readonly hook: string;
  /** The sites of this instance. */
  readonly sites: string;
  /** `import.meta`. */
  readonly meta: string;
  /** Loads for `import()`. */
  readonly load: string;
  /** Binding of an anonymous default export. */
  readonly byDefault: string;
  /** Bindings of a dependency by its number. */
  dependency(number: number): string;
  /** Namespace of a dependency as a value. */
  namespace(number: number): string;
  /** Takes the accessor of the classes of a CommonJS file. */
  readonly classes: string;
  /** What the module disposes of at its end. */
  readonly disposals: string;
}

const WORDS = ['d', 'ds', 'meta', 'imp', 'dflt', 'cls', 'us', 'i', 'n'];

/** Chooses the names: `$d`, `$ds`, `$i0` and so on, or all of them with `_0_`, `_1_`, … appended when the text holds one of them. */
export function freeNames(lowered: string): InjectedNames {
  const taken = new Set(lowered.match(/\$(?:ds?|meta|imp|dflt|cls|us|[in]\d*)[\w$]*/g));
  let suffix = '';
  for (let number = 0; [...taken].some((name) => collides(name, suffix)); number++) suffix = `_${number}_`;
  const name = (word: string): string => `$${word}${suffix}`;
  return {
    hook: name('d'),
    sites: name('ds'),
    meta: name('meta'),
    load: name('imp'),
    byDefault: name('dflt'),
    classes: name('cls'),
    disposals: name('us'),
    dependency: (number) => `${name('i')}${number}`,
    namespace: (number) => `${name('n')}${number}`,
  };
}

function collides(name: string, suffix: string): boolean {
  return WORDS.some((word) => {
    const start = `$${word}${suffix}`;
    return name === start || (name.startsWith(start) && /^\d+$/.test(name.slice(start.length)));
  });
}
