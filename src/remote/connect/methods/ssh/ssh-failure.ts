import { ResproutError } from '../../../../base/errors/errors.ts';
import { TAKEN_OVER_CODE } from '../../start/first-stage.ts';
import type { ToolEnd } from '../../tool/tool-plan.ts';
import { visible } from '../../tool/visible.ts';

/** Lines of ssh that say nothing by themselves. */
const EMPTY_WORDS = /^(@+|\s*|Host key verification failed\.)$/;
/** What ssh says when the program between it and the host has ended: that one has told why. */
const BEHIND_A_PROXY =
  /^(kex_exchange_identification: |banner exchange: |ssh_exchange_identification: |Connection (closed|reset) by UNKNOWN )/;

/**
 * Why ssh ended before the far side spoke. ssh says it on stderr, in English always, with exit code 255; a far side that is reached can
 * print the same lines, which changes the code of the error and nothing else.
 *
 * @param tried `ssh deploy@web-3`
 */
export function sshFailure(tried: string, end: ToolEnd): ResproutError {
  const { exit, words, needed } = end;
  const all = words.join('\n');
  const telling = words.filter((line) => !EMPTY_WORDS.test(line));
  const last = telling.findLast((line) => !BEHIND_A_PROXY.test(line)) ?? telling.at(-1);
  const how = exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
  const saw = last === undefined ? how : visible(last);
  const fail = (code: ResproutError['code'], message: string, cure?: string): ResproutError =>
    new ResproutError(code, message, { tried, saw, ...(cure === undefined ? {} : { do: cure }) });

  if (/REMOTE HOST IDENTIFICATION HAS CHANGED|POSSIBLE DNS SPOOFING DETECTED/.test(all)) {
    const fingerprint = /SHA256:[A-Za-z0-9+/]{43}/.exec(all)?.[0];
    const place = /^Offending .* key in (.*)$/m.exec(all)?.[1];
    const key = fingerprint === undefined ? '' : `: it shows ${fingerprint}`;
    const known = place === undefined ? '' : `, and another one is in ${visible(place)}`;
    return fail('REMOTE_HOST_KEY_CHANGED', `${tried} has another key than the known one${key}${known}`);
  }
  if (/^No .* host key is known for|^Host key verification failed/m.test(all)) {
    return fail('REMOTE_HOST_KEY_UNKNOWN', `The key of the host of ${tried} is not known here, and ssh may not ask`);
  }
  if (/Permission denied|Too many authentication failures|No more authentication methods/.test(all)) {
    return needed ?? fail('REMOTE_AUTH_FAILED', `${tried} was refused: ${saw}`);
  }
  // Neither ssh nor the far side has refused anything: something from outside ended them. A shell says so with a code above 128.
  const isSignalled = exit.code !== null && exit.code > 128 && exit.code < 255;
  if (exit.signal !== null || isSignalled) return fail('REMOTE_LOST', `${tried} was lost while it was opened: ended with ${how}`);
  if (exit.code === 255 && (last === undefined || /^Timeout, server .* not responding\.$/.test(last)))
    return fail(
      'REMOTE_LOST',
      `${tried} was lost while it was opened: ${last === undefined ? `ended with ${how}` : saw}`,
      'Check the host and the network; "ssh -v" to the same host says more',
    );
  const noSession = exit.code === 255 ? /^channel \d+: open failed: (.*)$/.exec(last ?? '')?.[1] : undefined;
  if (noSession !== undefined)
    return fail(
      'REMOTE_CONNECT_FAILED',
      `${tried} is let in and gets no session there: ${visible(noSession)}`,
      'Look for MaxSessions in the sshd_config there and for what it allows this user and this key; its log says more',
    );
  if (exit.code === TAKEN_OVER_CODE)
    return fail(
      'REMOTE_CONNECT_FAILED',
      `${tried} ended: another shell took over what was meant for Node`,
      'Look for exec in the start files of the login shell there, such as .bashrc: they run for commands too',
    );
  if (exit.code === 255) return fail('REMOTE_CONNECT_FAILED', `${tried} cannot be reached: ${saw}`);
  return fail(
    'REMOTE_CONNECT_FAILED',
    `${tried} ended (${how}) before the far side spoke: ${saw}`,
    'Try the same ssh command by hand: the far side must run sh',
  );
}
