import { test } from 'node:test';
import assert from 'node:assert/strict';
import { sessionPage, type PageCall, type PageSession } from './session-page.ts';

const HOSTILE = `</pre><script>alert(1)</script>" onload='x' \u001b[2J & \u202e`;

const call = (more: Partial<PageCall> = {}): PageCall => ({
  seq: 1,
  atMs: 100,
  tookMs: 50,
  where: 'web-1',
  place: 'rollout.ts:8',
  what: 'upgrade',
  result: '{ changed: true }',
  outcome: 'done',
  ...more,
});

const session = (more: Partial<PageSession> = {}): PageSession => ({
  title: 'rollout.ts:main',
  sessionId: 'ses_1',
  state: 'done',
  result: "'2 hosts'",
  startedAt: '2026-01-02T03:04:05.000Z',
  tookMs: 1000,
  events: 9,
  calls: [call()],
  duration: (ms) => `${String(ms)}ms`,
  ...more,
});

const tagsOf = (page: string): string[] => [...page.matchAll(/<\/?[a-z][^>\s]*/gi)].map(([tag]) => tag);

test('sessionPage() keeps the texts of strangers inside its cells', () => {
  const hostile = { where: HOSTILE, place: HOSTILE, what: HOSTILE, result: HOSTILE };
  const page = sessionPage(session({ title: HOSTILE, sessionId: HOSTILE, state: HOSTILE, result: HOSTILE, calls: [call(hostile)] }));
  assert.deepEqual(tagsOf(page), tagsOf(sessionPage(session())));
  assert.doesNotMatch(page.replaceAll('\n', ''), /[\p{Cc}\u202e]/u);
});

test('sessionPage() has nothing that loads or runs something', () => {
  const page = sessionPage(session());
  assert.doesNotMatch(page, /<script|<link|<img|https?:|url\(/i);
  assert.match(page, /content-security-policy" content="default-src 'none'/);
});

test('sessionPage() shows each call where it lies in the time of its session, within the width', () => {
  const calls = [
    call({ atMs: 0, tookMs: 500 }),
    call({ atMs: 1000, tookMs: 0 }),
    call({ atMs: 900, tookMs: undefined, outcome: 'open' }),
    call({ atMs: -5, tookMs: 1e9 }),
  ];
  const bars = [...sessionPage(session({ calls })).matchAll(/left:([\d.]+)%;width:([\d.]+)%/g)].map(
    ([, left, width]) => [Number(left), Number(width)] as const,
  );
  assert.deepEqual(bars.slice(0, 3), [
    [0, 50],
    [99.8, 0.2],
    [90, 10],
  ]);
  for (const [left, width] of bars) assert.ok(left >= 0 && width > 0 && left + width <= 100, `${String(left)} ${String(width)}`);
});

test('sessionPage() of a session without calls, without time and without an end is a page', () => {
  const page = sessionPage(session({ calls: [], tookMs: 0, result: undefined }));
  assert.match(page, /<tbody>\s*<\/tbody>/);
  assert.doesNotMatch(page, /<pre>|NaN|undefined/);
});
