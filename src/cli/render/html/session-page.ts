// A session as one page that needs nothing else: no script, no address, so it can be mailed and opened anywhere. Every text in it is a stranger's.
import { escaped } from './escaped.ts';
import { STYLE } from './page-style.ts';

/** A call as the page shows it. Texts as they are: the page makes them harmless. */
export interface PageCall {
  readonly seq: number;
  /** Milliseconds since the session began. */
  readonly atMs: number;
  /** Undefined while it has no result. */
  readonly tookMs: number | undefined;
  readonly where: string;
  readonly place: string;
  readonly what: string;
  readonly result: string;
  readonly outcome: 'done' | 'failed' | 'open' | 'void';
}

/** A session as the page shows it. */
export interface PageSession {
  readonly title: string;
  readonly sessionId: string;
  readonly state: string;
  /** Undefined as long as it has not ended. */
  readonly result: string | undefined;
  /** Time of its start, ISO 8601. */
  readonly startedAt: string;
  readonly tookMs: number;
  readonly events: number;
  readonly calls: readonly PageCall[];
  /** A length of time as people read it. */
  duration(ms: number): string;
}

const SHARE_DIGITS = 3;
/** Of the width: what took no time is seen too. */
const LEAST_SHARE = 0.2;

/** Where a call lies in the time of the session. */
function bar({ atMs, tookMs, outcome }: PageCall, wholeMs: number): string {
  const share = (ms: number): number => (wholeMs <= 0 ? 0 : Math.min(100, Math.max(0, (100 * ms) / wholeMs)));
  const left = Math.min(share(atMs), 100 - LEAST_SHARE);
  const width = Math.max(LEAST_SHARE, Math.min(share(tookMs ?? wholeMs - atMs), 100 - left));
  return `<i class="${outcome}" style="left:${left.toFixed(SHARE_DIGITS)}%;width:${width.toFixed(SHARE_DIGITS)}%"></i>`;
}

function row(call: PageCall, session: PageSession): string {
  const cells = [
    String(call.seq),
    session.duration(call.atMs),
    call.tookMs === undefined ? '' : session.duration(call.tookMs),
    call.where,
    call.place,
  ].map((text) => `<td>${escaped(text)}</td>`);
  const what = `${escaped(call.what)}${call.result === '' ? '' : ` <span>→ ${escaped(call.result)}</span>`}`;
  return `<tr class="${call.outcome}">${cells.join('')}<td>${what}</td><td class="time">${bar(call, session.tookMs)}</td></tr>`;
}

/** The page, a whole HTML document. */
export function sessionPage(session: PageSession): string {
  const heads = ['#', 'at', 'took', 'where', 'line', 'what', ''].map((text) => `<th>${text}</th>`).join('');
  const facts = [
    session.sessionId,
    session.state,
    `started ${session.startedAt}`,
    session.duration(session.tookMs),
    `${String(session.events)} events`,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(session.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(session.title)}</h1>
<p>${facts.map(escaped).join(' · ')}</p>
${session.result === undefined ? '' : `<pre>${escaped(session.result)}</pre>\n`}<table>
<thead><tr>${heads}</tr></thead>
<tbody>
${session.calls.map((call) => row(call, session)).join('\n')}
</tbody>
</table>
</body>
</html>
`;
}
