import { once } from 'node:events';
import { connect } from 'node:net';
import { activity } from 'resprout/durable';

/** What a bench wants of a program: a kind of work, and how often. */
export interface Order {
  readonly kind: string;
  readonly count: number;
}

async function ask(path: string): Promise<Order> {
  const socket = connect(path);
  const [line] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return JSON.parse(line.toString()) as Order;
}

/** Tells the bench that the last order is done, and waits for the next one. One recorded call. */
export const takeOrder: (path: string) => Promise<Order> = activity(ask);
