// Packages in groups: folders with a lockfile each, one after the other. The first may hold what the next ones need to be fetched at all, such
// as the program that logs in to a private registry.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineState, proto, type State } from '../primer-api/state.ts';
import type { StateContext } from '../primer-api/state-context.ts';

/** Packages that are installed together. */
export interface PackageGroup {
  /** Relative to the root, with a `package.json` and a lockfile of its own; `.` is the root itself. */
  readonly folder: string;
  /**
   * Called before this group is installed, when something has to be. Programs that it runs are found in the groups before first. What it gives
   * is added to the environment of npm: `.npmrc` names it as `${NAME}`. Its values stand in no message and no log.
   */
  readonly login?: (context: StateContext) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
}

/** What is installed by a state of packages. */
export interface PackagesOptions<Name extends string> {
  /** Name of the state. */
  readonly name: Name;
  /** Installed in this order; those before one that fails stay. */
  readonly groups: readonly PackageGroup[];
}

const LOCKFILES = ['package-lock.json', 'pnpm-lock.yaml'];

const placeOf = ({ folder }: PackageGroup): string => (folder === '.' ? '' : path.posix.normalize(folder).replace(/\/$/, ''));

/** The context of a login: programs of the groups that are installed come first. */
function loginContext(context: StateContext, installed: readonly string[]): StateContext {
  const bins = installed.map((place) => path.join(context.root, place, 'node_modules', '.bin'));
  const PATH = [...bins, context.env['PATH'] ?? ''].join(path.delimiter);
  return {
    ...context,
    env: { ...context.env, PATH },
    run: (program, args, options = {}) => context.run(program, args, { ...options, env: { PATH, ...options.env } }),
  };
}

/**
 * A state that installs packages in groups. Its value is a key of all of them. As it is, it stands beside the packages of the root; to
 * install those in another way, hand it to `replaceState(proto.packages, …)` with a group for `.`.
 */
export function packages<const Name extends string>({
  name,
  groups,
}: PackagesOptions<Name>): State<NoInfer<Name>, [typeof proto.node], [typeof proto.npm], string> {
  const missing = ({ root }: StateContext): string | undefined =>
    groups.find((group) => !LOCKFILES.some((name) => existsSync(path.join(root, placeOf(group), name))))?.folder;
  return defineState(name, {
    does: `packages of ${groups.map(({ folder }) => folder).join(', ')}, each as its lockfile says`,
    parents: [proto.node],
    onDemand: [proto.npm],
    look(context) {
      const keys: string[] = [];
      for (const group of groups) {
        const seen = context.packages(placeOf(group)).look();
        if (!seen.fresh) return { fresh: false, why: `${group.folder}: ${seen.why}` };
        keys.push(seen.value);
      }
      const without = missing(context);
      if (without !== undefined) return { fresh: false, why: `${without} has no package-lock.json` };
      return { fresh: true, why: `${groups.length} groups are installed as their lockfiles say`, value: keys.join(' ') };
    },
    async reach(context, { npm }) {
      const without = missing(context);
      if (without !== undefined)
        context.fail(`${without} has no package-lock.json`, {
          tried: `installing the groups of state ${name}`,
          do: `Write it with npm install --package-lock-only in ${without} and commit it, or take the group away`,
        });
      const keys: string[] = [];
      const installed: string[] = [];
      for (const group of groups) {
        const place = placeOf(group);
        const work = context.packages(place);
        const seen = work.look();
        if (seen.fresh) keys.push(seen.value);
        else {
          const env = (await group.login?.(loginContext(context, installed))) ?? {};
          keys.push(await work.reach(await npm(), env));
        }
        installed.unshift(place);
      }
      return keys.join(' ');
    },
  });
}
