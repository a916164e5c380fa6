// Gives a recorded answer to the program's own request, over its connection in memory.
import { OpenAnswer, type OpenAnswerOptions } from '../answers/open-answer.ts';
import { AnswerBytes } from './answer-bytes.ts';
import type { Answer, AnswerEnd } from './exchange.ts';
import type { MemorySocket } from './memory-socket.ts';

/** Gives a whole one. */
export function give(socket: MemorySocket, method: string, answer: Answer): void {
  if (socket.destroyed) return;
  const bytes = new AnswerBytes(method, answer);
  socket.learn(answer.facts);
  socket.receive(Buffer.concat([bytes.head(), bytes.data(answer.body), ...(answer.cut ? [] : [bytes.end(answer.trailers)])]));
  if (bytes.endsConnection(answer.cut)) socket.push(null);
}

/** Gives what there is of one that goes on, then the rest as it comes. @returns stops it: the program wants no more */
export function giveOpen(
  socket: MemorySocket,
  method: string,
  answer: Answer,
  options: Omit<OpenAnswerOptions<AnswerEnd>, 'reader'>,
): () => void {
  const bytes = new AnswerBytes(method, answer);
  const open = new OpenAnswer<AnswerEnd>({
    ...options,
    reader: {
      data: (chunk) => socket.receive(bytes.data(chunk)),
      end({ trailers }) {
        socket.receive(bytes.end(trailers));
        if (bytes.endsConnection(false) && !socket.destroyed) socket.push(null);
      },
      error(error, isLost) {
        // Of one that broke off the program sees an end before its time, as of one that came whole until there.
        if (isLost) socket.destroy(error as Error);
        else if (!socket.destroyed) socket.push(null);
      },
    },
  });
  socket.learn(answer.facts);
  socket.onWanted = () => open.ask();
  socket.receive(Buffer.concat([bytes.head(), bytes.data(answer.body)]));
  return () => open.stop();
}
