import { ResproutError } from '../../../base/errors/errors.ts';
import { LAST_OWN_CODE } from '../start/exit-codes.ts';
import { TAKEN_OVER_CODE } from '../start/first-stage.ts';
import type { ToolEnd } from './tool-plan.ts';
import { visible } from './visible.ts';

/**
 * Why a tool on this machine ended before the far side spoke, as far as its exit code and its last words tell.
 *
 * @param tried `docker web`
 * @param isRefusal whether the tool says by this end that the user may not
 */
export function toolFailure(tried: string, end: ToolEnd, isRefusal: (end: ToolEnd) => boolean): ResproutError {
  const { exit, words, needed } = end;
  const last = words.findLast((line) => line.trim() !== '');
  const how = exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
  const saw = last === undefined ? how : visible(last);
  const fail = (code: ResproutError['code'], message: string, cure?: string): ResproutError =>
    new ResproutError(code, message, { tried, saw, ...(cure === undefined ? {} : { do: cure }) });

  if (isRefusal(end))
    return needed ?? fail('REMOTE_AUTH_FAILED', `${tried} was refused: ${saw}`, 'Check the user, the password and the rules of the tool');
  if (exit.signal !== null || (exit.code !== null && exit.code > LAST_OWN_CODE && exit.code < 255))
    return fail('REMOTE_LOST', `${tried} was lost while it was opened: ended with ${how}`);
  if (exit.code === TAKEN_OVER_CODE) return fail('REMOTE_CONNECT_FAILED', `${tried} ended: a shell took over what was meant for Node`);
  return fail(
    'REMOTE_CONNECT_FAILED',
    `${tried} ended (${how}) before the far side spoke: ${saw}`,
    'Try the same tool by hand with sh as its command: what is entered must have one',
  );
}
