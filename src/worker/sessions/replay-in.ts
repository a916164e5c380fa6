import { ResproutError } from '../../base/errors/errors.ts';
import type { StartEvent } from '../../durable/journal/events/event.ts';
import { errorOfPlain, type EndedMessage } from '../../durable/journal/runner/runner-messages.ts';
import type { Build, Builder } from '../../modules/index.ts';
import { realClock } from '../../platform/time/clock.ts';
import { realTurn } from '../../platform/time/turn.ts';
import { definedEnv } from '../program/defined-env.ts';
import { secretNames } from '../program/secret-names.ts';
import { secretKey } from '../program/secret-key.ts';
import { SpaceWait } from '../owner/space-wait.ts';
import type { SessionSecrets } from '../owner/session-secrets.ts';
import { OwnedRun } from '../owner/owned-run.ts';
import type { RunObserver } from '../run-observer.ts';
import type { SessionOptions } from '../run-options.ts';
import { forwardRunner } from '../runner-in-use.ts';
import type { SpawnedRunner } from '../runner-process.ts';
import { buildService } from './session-service.ts';
import type { JournalRows } from '../store/journal-events.ts';
import type { Store } from '../store/store.ts';

export interface ReplayRequest {
  readonly store: Store;
  readonly start: StartEvent;
  readonly build: Build;
  readonly builder: Builder;
  /** How many events the rows hold. */
  readonly events: number;
  readonly rows: JournalRows;
  readonly options: SessionOptions;
  /** Whether other arguments, other text and another result end it too. */
  readonly isStrict: boolean;
  /** Default: a new one. */
  readonly spawnedRunner?: SpawnedRunner | undefined;
}

/** Of what a replay reports, only its notes are news: other arguments, another value. */
function tellNote(report: unknown, observer: RunObserver | undefined, { known }: SessionSecrets): void {
  if (typeof report !== 'object' || report === null || !('kind' in report) || report.kind !== 'note') return;
  if ('text' in report && typeof report.text === 'string') observer?.on({ type: 'note', text: known.scrub(report.text) });
}

/**
 * Replays a history in a runner that may append, open and call nothing. The program's output is dropped: it was shown when it happened.
 * @throws ResproutError JOURNAL_DIVERGED and what else keeps the build from running, RUNNER_LOST
 */
export async function replayIn({
  store,
  start,
  build,
  builder,
  events,
  rows,
  options,
  isStrict,
  spawnedRunner,
}: ReplayRequest): Promise<EndedMessage> {
  const inUse = forwardRunner({ ...options, spawnedRunner, output: undefined });
  try {
    inUse.secrets.addEnv({ env: options.env, names: secretNames(store.folder, start.file), observer: undefined });
    const run = new OwnedRun({
      runner: inUse.runner,
      start: {
        session: start.session,
        mode: 'replay',
        strict: isStrict,
        build: build.id,
        buildsFolder: store.buildsFolder,
        file: build.manifest.entry,
        exportName: start.exportName,
        folder: start.folder,
        argv: start.argv,
        env: definedEnv(options.env),
        secretKey: secretKey(store),
        recorded: events,
      },
      history: rows,
      service: {
        ...buildService(builder, [build]),
        log: () => {},
        ask: () => Promise.reject(new ResproutError('REMOTE_NOT_HERE', 'a replay opens nothing')),
      },
      clock: realClock,
      turn: realTurn,
      space: new SpaceWait(realClock, undefined),
      graceMs: 0,
      onSecret: (text) => inUse.secrets.made(text),
      onCommitted: () => {},
      onReport: (report) => tellNote(report, options.observer, inUse.secrets),
      output: inUse.output,
    });
    const park = (): void => run.park();
    // The signals that the program heard are in its history.
    options.control?.attach({ park, cancel: park, interrupt: park, signal: () => {} });
    const end = await run.ended;
    options.control?.detach();
    if (end.how === 'lost') throw end.error;
    if (end.how !== 'ended')
      throw new ResproutError('SESSION_PARKED', `the replay of ${start.session} was interrupted`, { kept: 'Nothing was changed' });
    const { problem } = end.message;
    if (problem !== undefined) throw errorOfPlain(problem);
    return end.message;
  } finally {
    inUse.close();
  }
}
