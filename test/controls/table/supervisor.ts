// Units that are kept alive: order, budgets, the ladder, what is left behind.
import type { Control } from '../control.ts';

const CORE = 'src/supervisor/restarts/restart-core.ts';
const CORE_TEST = 'src/supervisor/restarts/restart-core.test.ts';
const HISTORIES = { file: CORE_TEST, only: '^RestartCore holds' } as const;
const GROUP_HISTORIES = { file: 'test/supervisor/group-core.test.ts', only: '^GroupCore holds' } as const;
const GROUPS_TEST = 'test/supervisor/groups.test.ts';
const FAULTS_TEST = 'test/supervisor/faults.test.ts';

/** Controls of the supervisor. */
export const SUPERVISOR: readonly Control[] = [
  {
    name: 'units stop in the order of their start',
    rule: 'R2: units stop in reverse, rank by rank',
    file: CORE,
    text: '    const last = Math.max(...waiting.map(({ rank }) => rank));\n',
    fault: '    const last = Math.min(...waiting.map(({ rank }) => rank));\n',
    noticedBy: [HISTORIES],
    isQuick: true,
  },
  {
    name: 'a unit starts beside siblings of the old round',
    rule: 'R2: those that are made new together are gone before one of them starts',
    file: CORE,
    text: '    if (!isFree && this.#slots.some((slot) => slot.mustStop)) return [];\n',
    fault: '',
    noticedBy: [HISTORIES],
    isQuick: true,
  },
  {
    name: 'more units start at once than allowed',
    rule: 'R7: where starts have an order, no more units are starting at once than allowed',
    file: CORE,
    text: 'else if (isFree || starting < this.#options.startsAtOnce) {\n',
    fault: 'else if (isFree || starting <= this.#options.startsAtOnce) {\n',
    noticedBy: [HISTORIES],
    isQuick: true,
  },
  {
    name: 'units of an inner list start one after the other',
    rule: 'R2: units of one rank start side by side',
    file: CORE,
    text: 'else if (isFree || starting < this.#options.startsAtOnce) {\n',
    fault: 'else if (isFree || starting === 0) {\n',
    noticedBy: [HISTORIES],
    isQuick: true,
  },
  {
    name: 'something is started at the end',
    rule: 'R4: once it is ending nothing is started',
    file: CORE,
    text: "    if (this.#ending !== undefined) slot.phase = 'done';\n",
    fault: "    if (this.#ending?.how === 'finished') slot.phase = 'done';\n",
    noticedBy: [HISTORIES],
    isQuick: true,
  },
  {
    name: 'the pause never becomes short again',
    rule: 'Back-off begins anew after a life that was ready for long',
    file: CORE,
    text: 'slot.attempt = 0;\n',
    fault: 'slot.attempt += 0;\n',
    noticedBy: [HISTORIES],
    isQuick: true,
  },
  {
    name: 'a sibling that is stopped costs a restart',
    rule: 'R6: a unit that is stopped since a sibling fell costs nothing of the budget',
    file: CORE,
    text: '    const wasAsked = slot.mustStop;\n',
    fault: '    const wasAsked = slot.mustStop && this.#ending !== undefined;\n',
    noticedBy: [HISTORIES],
    isQuick: true,
  },
  {
    name: 'what left its group is not looked for',
    rule: 'What a unit started goes with it',
    file: 'src/supervisor/places/process.ts',
    text: 'endMarked(MARK, mark), ',
    fault: '',
    noticedBy: [{ file: FAULTS_TEST, only: 'left its group: wait' }],
  },
  {
    name: 'nobody watches over the processes of units',
    rule: 'A killed owner leaves no unit',
    file: 'src/supervisor/places/guard.ts',
    text: 'for one in $all; do kill -9 -"$one" 2>/dev/null; done\n',
    fault: '\n',
    noticedBy: [{ file: FAULTS_TEST, only: 'leaves no unit: loop' }],
  },
  {
    name: 'teardown runs after a setup that threw',
    rule: 'D1: teardown runs if and only if setup has returned',
    file: 'src/supervisor/unit/driver.ts',
    text: "    return made.how === 'returned' ? steps : undefined;\n",
    fault: '    return steps;\n',
    noticedBy: [{ file: 'test/supervisor/places.test.ts', only: '^thread P3' }],
  },
  {
    name: 'nobody is told of the calls that a replica took with it',
    rule: 'D2: each call is settled once',
    file: 'src/supervisor/groups/dispatch.ts',
    text: "      isAwaited ? [{ kind: 'refuse', call, why: 'lost', member } as const] : [],\n",
    fault: "      isAwaited && call < 0 ? [{ kind: 'refuse', call, why: 'lost', member } as const] : [],\n",
    noticedBy: [GROUP_HISTORIES],
    isQuick: true,
  },
  {
    name: 'a replica that is to end gets calls',
    rule: 'D1: a call is sent to a replica that is admitted',
    file: 'src/supervisor/groups/dispatch.ts',
    text: '    if (replica !== undefined) replica.isAdmitted = false;\n',
    fault: '    if (replica !== undefined) replica.isAdmitted = true;\n',
    noticedBy: [GROUP_HISTORIES],
    isQuick: true,
  },
  {
    name: 'a change that was taken back keeps what it made',
    rule: 'M4: the first fall of a new replica takes an update back',
    file: 'src/supervisor/groups/membership.ts',
    text: '    this.#version = change.version;\n',
    fault: '    this.#version ||= change.version;\n',
    noticedBy: [GROUP_HISTORIES],
    isQuick: true,
  },
  {
    name: 'a dead replica gets the calls that wait',
    rule: 'A replica that is gone gets no call',
    file: 'src/supervisor/groups/lives.ts',
    text: "        if (state === 'stopping') listener.onEnding();\n",
    fault: '',
    noticedBy: [{ file: GROUPS_TEST, only: '^a call that comes when its only replica' }],
  },
  {
    name: 'drain does not wait for calls',
    rule: 'D4: drain is over when no call is under way',
    file: 'src/supervisor/unit/driver.ts',
    text: '    if (this.#underWay > 0) await idle;\n',
    fault: '',
    noticedBy: [{ file: GROUPS_TEST, only: '^drain' }],
  },
];
