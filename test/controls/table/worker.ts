// The owner of a run, `run --check`, and the text of a program as it is made to run durably.
import type { Control } from '../control.ts';

const SESSIONS_TEST = 'test/worker/sessions.test.ts';
const RULES_TEST = 'test/transform/rules.test.ts';
const MODULE_TEXT_TEST = 'test/transform/module-text.test.ts';
const CHECK = 'src/worker/sessions/check-session.ts';
const CHECK_TEST = 'test/worker/check.test.ts';

/** Controls of the owner. */
export const WORKER: readonly Control[] = [
  {
    name: 'a check does not replay',
    rule: 'A check replays the whole session strictly',
    file: CHECK,
    text: '  await replaySession(options);\n',
    fault: '',
    noticedBy: [{ file: CHECK_TEST, only: 'replays strictly' }],
  },
  {
    name: 'a check does not compare printed text',
    rule: 'A check compares the text that the program prints before its end, cut and resumed',
    file: CHECK,
    text: 'one.printed === other.printed && ',
    fault: '',
    noticedBy: [{ file: CHECK_TEST, only: 'prints another text' }],
  },
  {
    name: 'a check does not compare the result',
    rule: 'A check compares the result, cut and resumed',
    file: CHECK,
    text: " && (one.how !== 'done' || isSameValue);",
    fault: " && (one.how !== 'done' || isSameValue || bytes.length >= 0);",
    noticedBy: [{ file: CHECK_TEST, only: 'another result' }],
  },
  {
    name: 'a check does not compare the exit code',
    rule: 'A check compares the exit code, cut and resumed',
    file: CHECK,
    text: 'one.exitCode === other.exitCode && ',
    fault: '',
    noticedBy: [{ file: CHECK_TEST, only: 'another exit code' }],
  },
  {
    name: 'a check does not compare how it ends',
    rule: 'A check notices that a run fails where it was done',
    file: CHECK,
    text: 'one.how === other.how && ',
    fault: '',
    noticedBy: [{ file: CHECK_TEST, only: 'is done where it failed' }],
  },
  {
    name: 'a replay is not strict',
    rule: 'A replay against the recorded code ends at other arguments, text and results',
    file: 'src/worker/sessions/replay-session.ts',
    text: '    isStrict: buildFile === undefined && !(await store.sessions.isBrought(sessionId)),',
    fault: '    isStrict: false,',
    noticedBy: [
      { file: CHECK_TEST, only: 'replays strictly' },
      { file: 'test/builds-calls/seventy-five-calls.test.ts', only: '^control' },
    ],
  },
  {
    name: 'a session that runs is taken',
    rule: 'A session that another process runs is refused, unless it is taken over',
    file: 'src/durable/engines/owners/owner-socket.ts',
    text: '      if (holder !== undefined && !takeOver) throw',
    fault: '      if (holder !== undefined && !takeOver && holder.pid < 0) throw',
    noticedBy: [{ file: SESSIONS_TEST, only: 'refuses a session that another process runs' }],
  },
  {
    name: 'a session that has ended goes on',
    rule: 'A session that has ended is refused',
    file: 'src/worker/sessions/resume-session.ts',
    text: '      if (planned === undefined) checkNotEnded(past, sessionId);\n',
    fault: '',
    noticedBy: [{ file: SESSIONS_TEST, only: 'a code for a session that has ended' }],
  },
  {
    name: 'a changed environment is not told',
    rule: 'A resume says which environment variables differ',
    file: 'src/worker/sessions/resume-session.ts',
    text: '      warn(opened, options);\n',
    fault: '',
    noticedBy: [{ file: SESSIONS_TEST, only: 'says that the environment differs' }],
  },
  {
    name: 'a build that disagrees is taken',
    rule: 'A resume with a build that disagrees leaves the session as it was',
    file: 'src/worker/sessions/resume-session.ts',
    text: '  await replayIn({ store, start, build, builder,',
    fault: '  if (past.count < 0) await replayIn({ store, start, build, builder,',
    noticedBy: [{ file: SESSIONS_TEST, only: 'with a build file that disagrees' }],
  },
  {
    name: 'a history that cannot be read is gone on with',
    rule: 'Nothing of a program starts when an event of its history cannot be read',
    file: 'src/durable/runner/program/run.ts',
    text: '      if (this.#badHistory !== undefined) throw this.#badHistory;\n',
    fault: '',
    noticedBy: [{ file: 'test/worker/damaged-history.test.ts', only: 'an event before the last one' }],
  },
  {
    name: 'a replay goes on behind its history',
    rule: 'A replay does nothing that is not in the history',
    file: 'src/durable/runner/program/run.ts',
    text: "    if (mode === 'replay') this.#beyond();",
    fault: "    if (mode === 'replay' && this.#isOver) this.#beyond();",
    noticedBy: [{ file: 'test/process-model/replay-of-the-interrupted.test.ts', only: '^a replay of call' }],
  },
  {
    name: 'text is committed before it is shown',
    rule: 'What was printed before rows is handed on before they are committed',
    file: 'src/worker/owner/commit-queue.ts',
    text: '    if (waiting.some(({ shown }) => shown)) this.#options.showFirst();\n',
    fault: '',
    noticedBy: [{ file: 'src/worker/owner/commit-queue.test.ts', only: 'what was printed' }],
    isQuick: true,
  },
];

/** Controls of the transform. */
export const TRANSFORM: readonly Control[] = [
  {
    name: 'a construction goes by unseen',
    rule: 'Constructions of a program pass the hook',
    file: 'src/durable/transform/rules/construct.ts',
    text: '  if (statics.isInlineConstructor(node.callee)) {',
    fault: '  if (statics.isInlineConstructor(node.callee) || node.end > 0) {',
    noticedBy: [{ file: RULES_TEST, only: 'the rule' }],
    isQuick: true,
  },
  {
    name: 'a call goes by unseen',
    rule: 'Calls of a program pass the hook',
    file: 'src/durable/transform/rules/call.ts',
    text: '  if (emitter.statics.isInlineCallee(node.callee)) {',
    fault: '  if (emitter.statics.isInlineCallee(node.callee) || node.end > 0) {',
    noticedBy: [{ file: RULES_TEST, only: 'the rule' }],
  },
  {
    name: 'an async iteration goes by unseen',
    rule: 'What a program iterates with for await passes the hook',
    file: 'src/durable/transform/rules/iteration.ts',
    text: "node.await ? 'ai' : 'i', `for",
    fault: "node.await ? 'i' : 'i', `for",
    noticedBy: [{ file: RULES_TEST, only: 'the rule' }],
  },
  {
    name: 'sites depend on their lines',
    rule: 'An edit elsewhere in the file keeps the ids of call sites',
    file: 'src/durable/transform/sites/site-list.ts',
    text: '{ id: `${stem}#${ordinal}`,',
    fault: '{ id: `${stem}#${ordinal}${String(line)}`,',
    noticedBy: [{ file: MODULE_TEXT_TEST, only: 'sites keep their ids' }],
  },
  {
    name: 'what is awaited at once is not marked',
    rule: 'A call that is awaited at once is known as such',
    file: 'src/durable/transform/sites/site-list.ts',
    text: 'line, column, awaited })',
    fault: 'line, column, awaited: awaited && offset < 0 })',
    noticedBy: [{ file: MODULE_TEXT_TEST, only: 'awaited at once is marked' }],
  },
];
