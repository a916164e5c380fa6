// A build beside the one of the configuration: a part of a monorepo, documents, an image. Made and stamped by the kernel as that one is.
import { defineState, proto, type AnyState, type State } from '../primer-api/state.ts';
import type { BuildPlan } from '../primer-api/state-context.ts';

/** What is built by a state. */
export interface BuiltOptions<Name extends string> extends BuildPlan {
  /** Name of the state. */
  readonly name: Name;
  /** One line for `./prime graph`. Default: its outputs. */
  readonly does?: string;
  /** What has to be reached before. Default: the packages of the root. */
  readonly parents?: readonly AnyState[];
}

/** A state that builds: when a source, the packages, the kernel or an output changed. Its value is a key of what it was made from. */
export function built<const Name extends string>({
  name,
  does,
  parents = [proto.packages],
  ...plan
}: BuiltOptions<Name>): State<NoInfer<Name>, readonly AnyState[], [], string> {
  return defineState(name, {
    does: does ?? `${plan.outputs.join(', ')}, up to date with the sources`,
    parents,
    look: (context) => context.build(name, plan).look(),
    reach: (context) => context.build(name, plan).reach(),
  });
}
