// The hooks of a repository, for git of this clone: a committed folder is named in `core.hooksPath`. Outside of a work tree there is nothing to do.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { defineState, type State } from '../primer-api/state.ts';
import type { StateContext } from '../primer-api/state-context.ts';

/** Where the hooks are. */
export interface GitHooksOptions<Name extends string> {
  /** Name of the state. Default: `gitHooks`. */
  readonly name?: Name;
  /** Folder of the hooks, relative to the root. Default: `.githooks`. */
  readonly folder?: string;
}

const ASK_MS = 10_000;
/** Set where git runs a hook: they would lead to that repository. */
const OF_GIT = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_COMMON_DIR'];

function gitEnv(context: StateContext): Record<string, string | undefined> {
  const env = { ...context.env };
  for (const name of OF_GIT) delete env[name];
  return env;
}

/** What git answers; undefined when it is not there or says no. */
function ask(context: StateContext, args: readonly string[]): string | undefined {
  const asked = spawnSync('git', args, {
    cwd: context.root,
    env: gitEnv(context),
    encoding: 'utf8',
    timeout: ASK_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return asked.status === 0 ? asked.stdout.replace(/\n$/, '') : undefined;
}

/** Names of hooks in a folder that git would not run. */
function notExecutable(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => /^[a-z-]+$/.test(file))
    .filter((file) => {
      try {
        accessSync(path.join(folder, file), constants.X_OK);
        return false;
      } catch {
        return true;
      }
    });
}

/** A state that lets git of this clone run committed hooks. Its value is the folder as git knows it; null outside of a work tree. */
export function gitHooks<const Name extends string = 'gitHooks'>({
  name = 'gitHooks' as Name,
  folder = '.githooks',
}: GitHooksOptions<Name> = {}): State<NoInfer<Name>, [], [], string | null> {
  /** The folder from the top of the work tree, since hooks run there. */
  const wantedIn = (context: StateContext): string | undefined => {
    const prefix = ask(context, ['rev-parse', '--show-prefix']);
    return prefix === undefined ? undefined : path.posix.join(prefix, folder);
  };
  return defineState(name, {
    does: `git of this clone runs the hooks in ${folder}`,
    look(context) {
      const wanted = wantedIn(context);
      if (wanted === undefined) return { fresh: true, why: 'this is no work tree of git, or git is not here', value: null };
      const seen = ask(context, ['config', '--local', '--get', 'core.hooksPath']);
      return seen === wanted
        ? { fresh: true, why: `core.hooksPath is ${wanted}`, value: wanted }
        : { fresh: false, why: seen === undefined ? 'core.hooksPath is not set' : `core.hooksPath is ${seen}` };
    },
    async reach(context) {
      const wanted = wantedIn(context);
      if (wanted === undefined) return null;
      if (!existsSync(path.join(context.root, folder)))
        context.fail(`there is no folder ${folder}`, { do: 'Commit the hooks there, or name their folder where the state is made' });
      const idle = notExecutable(path.join(context.root, folder));
      if (idle.length > 0)
        context.fail(`${idle.join(', ')} in ${folder} may not be executed, so git would leave it out`, {
          do: `git update-index --chmod=+x ${idle.map((file) => path.posix.join(folder, file)).join(' ')}, and chmod +x`,
        });
      const seen = ask(context, ['config', '--local', '--get', 'core.hooksPath']);
      if (seen !== undefined && seen !== wanted)
        context.fail(`this clone has hooks of its own: core.hooksPath is ${seen}`, {
          saw: 'somebody set it, and it is left alone',
          do: 'git config --unset core.hooksPath, then run it again',
        });
      const unset = OF_GIT.reduce<Record<string, undefined>>((all, one) => ({ ...all, [one]: undefined }), {});
      await context.run('git', ['config', '--local', 'core.hooksPath', wanted], { env: unset });
      return wanted;
    },
  });
}
