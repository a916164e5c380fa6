import type { MethodOf } from '../../method.ts';
import { entering, TOOL_FIELDS, type ToolRecipe } from '../../tool/entering.ts';

/** A process in a running pod of Kubernetes. */
export interface KubectlRecipe extends ToolRecipe {
  readonly method: 'kubectl';
  /** A pod, or what stands for its first one, such as `deployment/web`. */
  readonly pod: string;
  /** That of the current context of kubectl when absent. */
  readonly namespace?: string;
  /** Which container of the pod; its default one when absent. */
  readonly container?: string;
}

export const kubectlMethod: MethodOf<KubectlRecipe> = entering<KubectlRecipe>({
  name: 'kubectl',
  tool: 'kubectl',
  fields: { pod: 'instance', namespace: 'instance', container: 'instance', ...TOOL_FIELDS },
  required: ['pod'],
  target: { help: 'kubectl:POD', place: 'pod', slashes: 'never', options: ['node', 'name', 'namespace', 'container'] },
  place: ({ pod, namespace, container }) =>
    [...(namespace === undefined ? [] : [namespace]), pod, ...(container === undefined ? [] : [container])].join('/'),
  words: ({ pod, namespace, container }) => [
    'exec',
    '--stdin',
    ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
    ...(container === undefined ? [] : [`--container=${container}`]),
    pod,
    '--',
  ],
});
