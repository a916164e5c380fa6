// Opens a target hop by hop and says what it finds, up to the first thing that keeps it closed.
import { codeOf, exitCodeOf, isResproutError, toError } from '../../../base/errors/errors.ts';
import { ERROR_CODES } from '../../../base/errors/error-codes.ts';
import type { Context, OpenOptions } from '../../../index.ts';
import { ownCaller } from '../../../remote/contexts/own-context.ts';
import { openTarget } from '../../../remote/contexts/open.ts';
import { examine } from '../../../remote/doctor/examine.ts';
import type { Host } from '../choose-targets.ts';
import { examinedSteps } from './examined-steps.ts';
import { howFar, sshWay, isSshRecipe } from './ssh-way.ts';
import type { Step } from './step.ts';

/** What opening a target by ssh goes through, in its order. */
const SSH_STAGES = ['connection', 'host key', 'authentication', 'shell', 'Node'];
const OTHER_STAGES = ['start', 'Node'];

/**
 * @param hosts all that are examined: what one of the others goes through is left open for it
 * @returns the steps, as they are made
 */
export async function* diagnose(
  host: Host,
  hosts: readonly Host[],
  opening: Pick<OpenOptions, 'ask' | 'logLevel'>,
  signal: AbortSignal,
): AsyncGenerator<Step, void> {
  const hops = host.target.split(/\+(?=[a-z][a-z0-9-]*:)/);
  const opened: { readonly of: string; readonly context: Context }[] = [];
  try {
    for (const [at, recipe] of host.recipes.entries()) {
      const of = hops.slice(0, at + 1).join('+');
      const ssh = isSshRecipe(recipe) ? recipe : undefined;
      // Only the first hop begins at this machine.
      if (ssh !== undefined && at === 0) {
        let last: Step | undefined;
        for await (last of sshWay(ssh, of)) yield last;
        if (last?.state === 'failed') {
          yield* notReached(of, SSH_STAGES);
          return;
        }
      }
      const stages = ssh !== undefined ? SSH_STAGES : OTHER_STAGES;
      const startedMs = performance.now();
      try {
        const isLast = at === host.recipes.length - 1;
        const context = await openTarget(isLast ? host : of, { ...opening, signal }, undefined);
        opened.push({ of, context });
        const ms = Math.round(performance.now() - startedMs);
        for (const name of stages.slice(0, -1))
          yield { of, name, state: 'ok', saw: name === stages[0] ? `open within ${ms} ms` : (WORDS[name] ?? '') };
        yield* examinedSteps(await examine(ownCaller(context), signal), context.info, of);
      } catch (thrown) {
        const error = toError(thrown);
        // Time ran out somewhere: at this machine's own ssh it can be found out where.
        const isSilent = at === 0 && codeOf(error) === 'REMOTE_CONNECT_TIMEOUT';
        yield* failed(error, stages, of, isSilent && ssh !== undefined ? await howFar(ssh) : stageOf(error, stages));
        return;
      }
    }
  } finally {
    for (const { context, of } of opened.toReversed()) {
      const isShared = hosts.some((other) => other !== host && `${other.target}+`.startsWith(`${of}+`));
      if (!isShared) await context.close();
    }
  }
}

const WORDS: Readonly<Record<string, string>> = {
  'host key': 'it is the known one',
  authentication: 'accepted',
  shell: 'sh runs and starts Node',
};

const HELD = 'Look into the start files of the login shell there, such as .bashrc: something in them does not end, or takes over';

/** Which stage an error is about. */
function stageOf(error: Error, stages: readonly string[]): string {
  const code = codeOf(error) ?? '';
  if (code.startsWith('REMOTE_NODE_')) return 'Node';
  if (code.startsWith('REMOTE_HOST_KEY_')) return 'host key';
  if (code.startsWith('REMOTE_AUTH_')) return 'authentication';
  // Reached, and let in: it did not do what was asked.
  if (/another shell took over|before the far side spoke/.test(error.message))
    return stages.includes('shell') ? 'shell' : (stages[0] ?? '');
  return stages[0] ?? '';
}

function* failed(error: Error, stages: readonly string[], of: string, stage: string): Generator<Step, void> {
  const at = stages.indexOf(stage);
  const code = codeOf(error);
  for (const name of stages.slice(0, Math.max(at, 0))) yield { of, name, state: 'ok', saw: WORDS[name] ?? 'made' };
  const isHeld = stage === 'shell' && code === 'REMOTE_CONNECT_TIMEOUT';
  const known = isResproutError(error) ? (error.problem.do ?? (code === undefined ? undefined : ERROR_CODES[code].cure)) : undefined;
  const cure = isHeld ? HELD : known;
  const saw = `${code === undefined ? '' : `${code}: `}${error.message}`;
  yield {
    of,
    name: stage,
    state: 'failed',
    saw,
    do: cure,
    exit: isResproutError(error) && error.far === undefined ? exitCodeOf(error) : 4,
  };
  yield* notReached(of, stages.slice(at + 1));
}

function* notReached(of: string, stages: readonly string[]): Generator<Step, void> {
  for (const name of stages) yield { of, name, state: 'not reached', saw: '' };
}
