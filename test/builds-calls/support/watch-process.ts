// Preloaded into a process and its threads: notes every module that is loaded and every debugger that is switched on or off, one line each,
// in the file that RESPROUT_WATCH names.
import { appendFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { registerHooks } from 'node:module';
import { threadId } from 'node:worker_threads';

const file = process.env['RESPROUT_WATCH'] ?? '/dev/null';
const append = appendFileSync;
const note = (what: string): void => append(file, `${threadId} ${what}\n`);

registerHooks({
  load(url, context, next) {
    note(`load ${url}`);
    return next(url, context);
  },
});

const post = Session.prototype.post as (...args: unknown[]) => unknown;
Object.assign(Session.prototype, {
  post(this: Session, method: string, ...rest: unknown[]): unknown {
    if (method.startsWith('Debugger.')) note(method);
    return post.call(this, method, ...rest);
  },
});
