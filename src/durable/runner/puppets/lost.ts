import { ResproutError } from '../../../base/errors/errors.ts';
import type { Conversation } from '../../replay/objects/conversation.ts';

/** Something went with the process that had opened it. @param what such as `child process sort` */
export function lostError(what: string, heard: number, conversation: Conversation, cure: string): ResproutError {
  const { file, line, column } = conversation.site;
  return new ResproutError('LIVE_OBJECT_LOST', `the ${what} went with the process that had opened it`, {
    at: line > 0 ? { file, line, column } : undefined,
    tried: `to go on with the ${what}`,
    saw: `${String(heard)} events of it had been heard`,
    do: cure,
  });
}

/** As a network says that the other side is gone, so that whoever tries again on that does so here. */
export function lostConnection(lost: ResproutError): Error {
  return Object.assign(new Error('read ECONNRESET', { cause: lost }), { errno: -104, code: 'ECONNRESET', syscall: 'read' });
}
