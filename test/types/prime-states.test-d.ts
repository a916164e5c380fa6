// Compiled by tsc only: what states are given, and what they may not ask for.
import { defineState, proto, replaceState, wrapState } from '../../src/primer.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const yes = <T extends true>(): T => true as T;

const schema = defineState('schema', {
  does: 'a value of its own type',
  parents: [proto.node, proto.packages],
  onDemand: [proto.npm],
  look: () => ({ fresh: true, why: '', value: { version: 1 } }),
  async reach(context, given) {
    yes<Equal<typeof given.node, string>>();
    yes<Equal<typeof given.packages, string>>();
    const npm = await given.npm();
    yes<Equal<typeof npm.cli, string>>();
    // @ts-expect-error an undeclared parent
    void given.built;
    return { version: context.root.length };
  },
});

export const below = defineState('below', {
  does: 'sees it',
  parents: [schema],
  reach(_, { schema: seen }) {
    yes<Equal<typeof seen, { version: number }>>();
  },
});

defineState('wrong-look', {
  does: 'a look must find what reach gives',
  // @ts-expect-error fresh without the value
  look: () => ({ fresh: true, why: '' }),
  reach: () => 5,
});

defineState('no-value', { does: 'needs no value', look: () => ({ fresh: true, why: '' }), reach: () => undefined });

export const plainLook = defineState('plain-look', {
  does: 'a look that is computed',
  look: ({ root }) => ({ fresh: root === '', why: 'the root' }),
  async reach(context) {
    await context.run('true');
  },
});

export const other = replaceState(schema, { does: 'the same type', parents: [proto.built], reach: () => ({ version: 2 }) });
// @ts-expect-error another type
replaceState(schema, { does: 'another type', reach: () => 'text' });

export const around = wrapState(schema, {
  does: 'the old one inside',
  onDemand: [proto.built],
  async reach(_, { inner, built }) {
    await built();
    const old = await inner();
    yes<Equal<typeof old, { version: number }>>();
    return old;
  },
});
// @ts-expect-error the value of the old one is needed
wrapState(schema, { does: 'forgets it', reach: () => undefined });
