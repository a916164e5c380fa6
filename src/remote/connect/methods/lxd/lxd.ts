import type { MethodOf } from '../../method.ts';
import { entering, TOOL_FIELDS, type ToolRecipe } from '../../tool/entering.ts';

/** A process in a running instance of LXD, through its `lxc`. */
export interface LxdRecipe extends ToolRecipe {
  readonly method: 'lxd';
  /** Its name, `REMOTE:NAME` for one of another server. */
  readonly instance: string;
  readonly project?: string;
}

export const lxdMethod: MethodOf<LxdRecipe> = entering<LxdRecipe>({
  name: 'lxd',
  tool: 'lxc',
  fields: { instance: 'instance', project: 'instance', ...TOOL_FIELDS },
  required: ['instance'],
  target: { help: 'lxd:INSTANCE', place: 'instance', slashes: 'never', options: ['node', 'name', 'project'] },
  place: ({ instance }) => instance,
  words: ({ instance, project }) => [
    'exec',
    '--mode=non-interactive',
    ...(project === undefined ? [] : [`--project=${project}`]),
    instance,
    '--',
  ],
});
