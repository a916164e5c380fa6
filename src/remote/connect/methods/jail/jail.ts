import type { MethodOf } from '../../method.ts';
import { entering, TOOL_FIELDS, type ToolRecipe } from '../../tool/entering.ts';

/** A process in a running jail of FreeBSD, through `jexec`. */
export interface JailRecipe extends ToolRecipe {
  readonly method: 'jail';
  /** Name or number of the jail. */
  readonly jail: string;
  /** Whose process it is, by the users of the jail; `root` when absent. */
  readonly user?: string;
}

export const jailMethod: MethodOf<JailRecipe> = entering<JailRecipe>({
  name: 'jail',
  tool: 'jexec',
  fields: { jail: 'instance', user: 'user', ...TOOL_FIELDS },
  required: ['jail'],
  target: { help: 'jail:JAIL', place: 'jail', user: 'user', slashes: 'user', options: ['node', 'name'] },
  place: ({ jail, user }) => (user === undefined ? jail : `${user}@${jail}`),
  words: ({ jail, user }) => [...(user === undefined ? [] : ['-U', user]), jail],
});
