import fc from 'fast-check';

/** Random expressions over what `expression-scope.ts` gives: chains, calls, receivers, constructions, templates, spreads. */
export const expression: fc.Arbitrary<string> = fc.letrec<Record<'value' | 'chain' | 'args', string>>((tie) => {
  const value = tie('value');
  // A spread stands last: for others V8 tells of its own helper (`Function.prototype.apply was called on …`), which nobody should copy.
  const list = (most: number): fc.Arbitrary<string> =>
    fc
      .tuple(fc.array(value, { maxLength: most }), fc.option(value))
      .map(([all, spread]) => [...all, ...(spread === null ? [] : [`...[${spread}]`])].join(', '));
  const head = fc.constantFrom(
    'o',
    'f',
    'this',
    'nothing',
    'local',
    'nil',
    '(o?.a)',
    '(o.f)',
    '(0, o.f)',
    'super.m',
    'super.a',
    'this.#p',
    'this.#q',
    'K',
    '(o?.n?.f)',
    'JSON',
    'Number',
    'o.self',
  );
  const link = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.constantFrom('.a', '.n', '.f', '.g', '.self', '?.a', '?.n', '?.f', '?.g', '?.self', '[k]', '?.[k]', "['f']", '?.["a"]'),
    },
    { weight: 3, arbitrary: value.map((x) => `[key(${x})]`) },
    { weight: 2, arbitrary: value.map((x) => `?.[key(${x})]`) },
    { weight: 1, arbitrary: value.map((x) => `[${x}, k]`) },
    { weight: 6, arbitrary: list(5).map((args) => `(${args})`) },
    { weight: 3, arbitrary: list(3).map((args) => `?.(${args})`) },
  );
  const chain = fc.tuple(head, fc.array(link, { maxLength: 6 })).map(([first, links]) => first + links.join(''));
  return {
    args: list(3),
    chain,
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('1', "'s'", 'o', 'k', 'nil', 'f', 'local'),
      tie('chain'),
      tie('chain'),
      tie('chain').map((x) => `(${x})()`),
      tie('chain').map((x) => `(${x})?.(${'k'})`),
      tie('chain').map((x) => `delete (${x}).a`),
      tie('chain').map((x) => `typeof ${x}`),
      tie('chain').map((x) => `new (${x})(k)`),
      tie('chain').map((x) => `(${x})\`t\${k}\``),
      fc.tuple(value, value).map(([a, b]) => `(${a} ?? ${b})`),
      fc.tuple(value, value).map(([a, b]) => `(${a}, ${b})`),
      fc.tuple(value, value).map(([a, b]) => `[${a}, ...[${b}]]`),
      fc.tuple(value, value).map(([a, b]) => `({ a: ${a}, ['b']: ${b} })`),
      value.map((x) => `(() => ${x.replaceAll('await ', '')})()`),
      value.map((x) => `await ${x}`),
      fc
        .tuple(value, value)
        .map(([a, b]) => `(function (x = ${a.replaceAll('await ', '').replaceAll(/super\.\w+|this\.#\w/g, 'o')}) { return x })(${b})`),
    ),
  };
}).value;
