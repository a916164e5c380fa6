// Compiled by tsc only: ready-made states as parents, wrapped and replaced, with the types of their values.
import { defineState, proto, replaceState, wrapState } from '../../src/primer.ts';
import { annotatedConfig, built, envFile, gitHooks, packages, scriptLogger, shell } from '../../src/states.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const yes = <T extends true>(): T => true as T;

export const below = defineState('below', {
  does: 'sees them all',
  parents: [
    annotatedConfig(),
    built({ name: 'docs', run: [], sources: [], outputs: [], clean: [] }),
    envFile(),
    gitHooks({ name: 'hooks' }),
    scriptLogger(),
    packages({ name: 'more', groups: [] }),
  ],
  reach(_, given) {
    yes<Equal<typeof given.annotatedConfig, string>>();
    yes<Equal<typeof given.docs, string>>();
    yes<Equal<typeof given.envFile, Readonly<Record<string, string>>>>();
    yes<Equal<typeof given.hooks, string | null>>();
    yes<Equal<typeof given.more, string>>();
    given.scriptLogger.info('a line');
    // @ts-expect-error its name is another one
    void given.gitHooks;
  },
});

replaceState(proto.packages, packages({ name: 'all', groups: [{ folder: '.', login: () => ({ TOKEN: '' }) }] }));
wrapState(envFile(), { does: 'the same values', reach: (_, { inner }) => inner() });
// @ts-expect-error a state of groups is no state without a value
replaceState(shell(), packages({ name: 'all', groups: [] }));
