// What the core of a group promises, in random histories, and that these notice when a rule is broken.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { GROUP_RULES, type GroupRules } from '../../src/supervisor/groups/group-rules.ts';
import { RULES, type Rules } from '../../src/supervisor/restarts/rules.ts';
import { GroupWorld } from './support/group-world.ts';

const HISTORIES = 100_000;

/** How many of the histories go well, and what the first bad one says. */
function judge(rules: Rules & GroupRules, count: number): string | undefined {
  for (let seed = 1; seed <= count; seed++)
    try {
      new GroupWorld(seed, rules).live();
    } catch (error) {
      return `history ${seed}: ${(error as Error).message}`;
    }
  return undefined;
}

test(`GroupCore holds what it promises in ${HISTORIES} random histories`, () => {
  assert.equal(judge({ ...RULES, ...GROUP_RULES }, HISTORIES), undefined);
});

const { mayEnd, pick, room } = GROUP_RULES;
const BROKEN: Readonly<Record<string, Partial<Rules & GroupRules>>> = {
  'one replica too many in an update': { room: (there, wanted, surge) => room(there, wanted, surge + 1) },
  'one ready replica too few in an update': { mayEnd: (ready, wanted, unavailable) => mayEnd(ready, wanted, unavailable + 1) },
  'a head that ends after its replicas': { endOrder: [1, 0, 2] },
  'a tail that ends first': { endOrder: [2, 1, 0] },
  'a gate that is open at once': { isGood: () => true },
  'an update that goes on when a new replica falls': { takesBack: () => false },
  'an update that goes back when an old replica falls': { takesBack: () => true },
  'a queue that is one too long': { isFull: (waiting, most) => waiting > most },
  'a replica that gets one call too many': { pick: (how, all, last, most) => pick(how, all, last, most + 1) },
  'a turn that always begins with the first one': { pick: (how, all, _last, most) => pick(how, all, -1, most) },
  'the one with the most to do is taken for the one with the least': {
    pick: (how, all, last, most) =>
      how === 'round-robin'
        ? pick(how, all, last, most)
        : all.filter(({ load }) => load < most).toSorted((a, b) => b.load - a.load)[0]?.member,
  },
  'a budget that is one too large': {
    spend: (budget, spentMs, nowMs) => RULES.spend({ ...budget, restarts: budget.restarts + 1 }, spentMs, nowMs),
  },
};

for (const [title, broken] of Object.entries(BROKEN))
  test(`the histories catch ${title}`, () => {
    assert.notEqual(judge({ ...RULES, ...GROUP_RULES, ...broken }, HISTORIES / 10), undefined);
  });
