import type { MethodOf } from '../../method.ts';
import { entering, TOOL_FIELDS, type ToolRecipe } from '../../tool/entering.ts';

/** A process of another user, through `doas`. */
export interface DoasRecipe extends ToolRecipe {
  readonly method: 'doas';
  /** Whose process it is; `root` when absent. */
  readonly user?: string;
}

export const doasMethod: MethodOf<DoasRecipe> = entering<DoasRecipe>({
  name: 'doas',
  tool: 'doas',
  fields: { user: 'user', ...TOOL_FIELDS },
  required: [],
  target: { help: 'doas:USER', place: 'user', slashes: 'never', options: ['node', 'name'] },
  place: ({ user = 'root' }) => user,
  words: ({ user = 'root' }) => ['-u', user, '--'],
  // It asks at a terminal and nowhere else.
  asks: () => 'terminal',
  isRefusal: ({ exit, wasAnswered, words }) =>
    exit.code === 1 && (wasAnswered || words.some((line) => /^doas: (Operation not permitted|Authoriz|Authentic)/.test(line))),
});
