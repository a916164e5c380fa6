// State `built`: what the configuration's build makes.
import type { PrimeContext } from '../context.ts';
import { lookAtBuild, runBuild, type Build } from './build.ts';
import { defineState, type State } from './graph.ts';
import { nodeState } from './node-state.ts';
import { packagesState } from './packages-state.ts';

/** The build of the configuration; without one the state is not in the graph. */
const buildOf = ({ config }: PrimeContext): Build => {
  if (config.built === undefined) throw new Error('there is nothing to build');
  return { name: '', plan: config.built };
};

/** The state. */
export const builtState: State<'built', readonly [typeof nodeState, typeof packagesState], void> = defineState({
  name: 'built',
  does: 'the outputs of the build, up to date with the sources',
  parents: [nodeState, packagesState],
  look: (context) => lookAtBuild(context, buildOf(context)),
  async reach(context, parents): Promise<void> {
    const node = await parents.node();
    await parents.packages();
    if (lookAtBuild(context, buildOf(context)).fresh) return;
    await context.own();
    if (lookAtBuild(context, buildOf(context)).fresh) return;
    const step = context.progress.step('built');
    try {
      const build = buildOf(context);
      await runBuild(context, build, node, step);
      step.done(`${build.plan.run.length} steps`);
    } catch (error) {
      step.failed();
      throw error;
    }
  },
});
