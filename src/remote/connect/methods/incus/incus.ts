import type { MethodOf } from '../../method.ts';
import { entering, TOOL_FIELDS, type ToolRecipe } from '../../tool/entering.ts';

/** A process in a running instance of Incus. */
export interface IncusRecipe extends ToolRecipe {
  readonly method: 'incus';
  /** Its name, `REMOTE:NAME` for one of another server. */
  readonly instance: string;
  readonly project?: string;
}

export const incusMethod: MethodOf<IncusRecipe> = entering<IncusRecipe>({
  name: 'incus',
  tool: 'incus',
  fields: { instance: 'instance', project: 'instance', ...TOOL_FIELDS },
  required: ['instance'],
  target: { help: 'incus:INSTANCE', place: 'instance', slashes: 'never', options: ['node', 'name', 'project'] },
  place: ({ instance }) => instance,
  words: ({ instance, project }) => [
    'exec',
    '--mode=non-interactive',
    ...(project === undefined ? [] : [`--project=${project}`]),
    instance,
    '--',
  ],
});
