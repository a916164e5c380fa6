// What `tree` shows of the sessions that run.
import type { ResproutError } from '../../base/errors/errors.ts';
import type { ContextState, SessionTree } from '../../worker/index.ts';
import { problemJson, problemOf } from '../render/errors/problem.ts';
import type { Style } from '../render/style.ts';
import { columns } from '../render/text/columns.ts';
import { duration } from '../render/text/duration.ts';
import { safeLine } from '../render/text/safe-text.ts';

/** A session that runs, with what its process tells, or why it tells nothing. */
export type SeenSession = { readonly sessionId: string; readonly program: string } & (
  | { readonly tree: SessionTree; readonly silent?: never }
  | { readonly tree?: never; readonly silent: ResproutError }
);

/** As data. */
export function seenJson(seen: readonly SeenSession[]): readonly unknown[] {
  return seen.map(({ program, sessionId, silent, tree }) =>
    tree === undefined
      ? { sessionId, program, problem: problemJson(problemOf(silent)) }
      : { sessionId, program, owner: tree.owner, contexts: tree.contexts },
  );
}

/** As lines. @param asked the one session that was asked for */
export function seenText(seen: readonly SeenSession[], asked: string | undefined, style: Style): string {
  if (seen.length === 0) return `${asked ?? 'No session'} ${asked === undefined ? 'runs' : 'does not run'}: nothing is open.\n`;
  return seen.map((one) => `${linesOf(one, style).join('\n')}\n`).join('');
}

function linesOf({ program, sessionId, tree }: SeenSession, style: Style): readonly string[] {
  const head = `${safeLine(program)}  ${sessionId}`;
  if (tree === undefined) return [head, style.paint('yellow', '  its process does not answer')];
  return [`${head}  process ${tree.owner.pid}`, ...treeLines(tree.contexts, style)];
}

/** Each context below the one that it was opened through. */
function treeLines(contexts: readonly ContextState[], { paint, symbols }: Style): readonly string[] {
  const rows: string[][] = [];
  const below = (via: number, indent: string): void => {
    const own = contexts.filter((context) => context.via === via && context.id !== via);
    for (const [at, context] of own.entries()) {
      const isLast = at === own.length - 1;
      const { calls, generation, hostname, id, method, name, node, oldestCallMs, pid } = context;
      const busy =
        calls === 0
          ? 'idle'
          : `${calls} ${calls === 1 ? 'call' : 'calls'} under way, ${calls === 1 ? '' : 'the oldest '}for ${duration(oldestCallMs)}`;
      const again = generation > 1 ? `, opened ${generation} times` : '';
      rows.push([
        `${indent}${isLast ? symbols.last : symbols.branch} ${safeLine(name)}`,
        method,
        `#${id}`,
        `pid ${pid} on ${safeLine(hostname)}${again}`,
        `node ${safeLine(node).replace(/^v/, '')}`,
        calls === 0 ? paint('dim', busy) : busy,
      ]);
      below(id, `${indent}${isLast ? ' ' : '│'} `);
    }
  };
  below(0, '  ');
  return rows.length === 0 ? ['  no context is open'] : columns([], rows);
}
