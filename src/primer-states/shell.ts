// A shell in the prepared repository: its Node and its packages' programs come first on PATH.
import { defineState, proto, type AnyState, type State } from '../primer-api/state.ts';
import type { StateContext } from '../primer-api/state-context.ts';

/** How the shell is opened. */
export interface ShellOptions<Name extends string> {
  /** Name of the state. Default: `shell`, which is what `./prime shell` opens. */
  readonly name?: Name;
  /** A bash, zsh or fish, by name or path. Default: the user's own, else bash. */
  readonly program?: string;
  /** What has to be reached before. Default: the packages of the root. */
  readonly parents?: readonly AnyState[];
  /** Added to its environment; `given` has the values of `parents` by name. */
  readonly env?: (given: Readonly<Record<string, unknown>>, context: StateContext) => Readonly<Record<string, string>>;
}

/** A state that opens a shell when all else has ended: interactive, for one line (`./prime shell -c LINE`), or reading a pipe. */
export function shell<const Name extends string = 'shell'>({
  name = 'shell' as Name,
  program,
  parents = [proto.packages],
  env,
}: ShellOptions<Name> = {}): State<NoInfer<Name>, readonly AnyState[], [], void> {
  return defineState(name, {
    does: 'a shell with the Node and the packages of this folder',
    parents,
    unlocked: true,
    reach(context, given) {
      context.shell({
        ...(program === undefined ? {} : { program }),
        ...(env === undefined ? {} : { env: env(given as Readonly<Record<string, unknown>>, context) }),
      });
    },
  });
}
