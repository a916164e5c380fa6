import type { MethodOf } from '../../method.ts';
import { entering, TOOL_FIELDS, type ToolRecipe } from '../../tool/entering.ts';

/** A process in a running machine that `machinectl list` shows, through `systemd-run`: `machinectl shell` would put a terminal between. */
export interface MachinectlRecipe extends ToolRecipe {
  readonly method: 'machinectl';
  readonly machine: string;
  /** Whose process it is; `root` when absent. */
  readonly user?: string;
}

export const machinectlMethod: MethodOf<MachinectlRecipe> = entering<MachinectlRecipe>({
  name: 'machinectl',
  tool: 'systemd-run',
  fields: { machine: 'instance', user: 'user', ...TOOL_FIELDS },
  required: ['machine'],
  target: { help: 'machinectl:MACHINE', place: 'machine', user: 'user', slashes: 'user', options: ['node', 'name'] },
  place: ({ machine, user }) => (user === undefined ? machine : `${user}@${machine}`),
  words: ({ machine, user }) => [
    `--machine=${machine}`,
    '--quiet',
    '--pipe',
    '--wait',
    '--collect',
    ...(user === undefined ? [] : [`--uid=${user}`]),
    '--',
  ],
});
