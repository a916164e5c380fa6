import type { MethodOf } from '../../method.ts';
import { entering, TOOL_FIELDS, type ToolRecipe } from '../../tool/entering.ts';
import { CONNECTOR } from './connector.ts';

/** A process that a listener of this machine starts: `unixListener` in another program, as its user, in its namespaces. */
export interface UnixRecipe extends ToolRecipe {
  readonly method: 'unix';
  /** Where it listens. */
  readonly path: string;
}

export const unixMethod: MethodOf<UnixRecipe> = entering<UnixRecipe>({
  name: 'unix',
  tool: process.env['RESPROUT_NODE'] ?? process.execPath,
  fields: { path: 'path', ...TOOL_FIELDS },
  required: ['path'],
  target: { help: 'unix:/PATH', place: 'path', slashes: 'never', options: ['node', 'name'] },
  place: ({ path }) => path,
  words: ({ path }) => ['-e', CONNECTOR, path],
});
