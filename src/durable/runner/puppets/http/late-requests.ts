// `headersTimeout` and `requestTimeout` of an HTTP server. Node looks for late requests on the clock of the machine, which no replay repeats. Here
// each accepted connection has one timer, of which only the firing is recorded; what follows is Node's own: `clientError`, or an answer 408.
import { IncomingMessage } from 'node:http';
import { IdleTimer } from '../socket/idle-timer.ts';
import type { PuppetSocket, SocketWatcher } from '../socket/puppet-socket.ts';

/** What counts of a server. */
interface Hours {
  readonly headersTimeout?: unknown;
  readonly requestTimeout?: unknown;
}

const watchers = new WeakMap<object, LateRequests>();

const milliseconds = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0);

/** One accepted connection. */
class LateRequests implements SocketWatcher {
  readonly #server: Hours;
  readonly #socket: PuppetSocket;
  readonly #timer: IdleTimer;
  /** Whose head has come last. */
  #request: IncomingMessage | undefined;
  #isOver = false;

  constructor(server: Hours, socket: PuppetSocket, isLive: boolean) {
    this.#server = server;
    this.#socket = socket;
    this.#timer = new IdleTimer(isLive, (turn) => socket.edge.arrive('late', turn));
    socket.edge.late = this.#timer;
    // The first one is awaited from now on.
    this.#awaitHead();
  }

  #awaitHead(): void {
    const [headersMs, requestMs] = [milliseconds(this.#server.headersTimeout), milliseconds(this.#server.requestTimeout)];
    this.#timer.set(headersMs > 0 && requestMs > 0 ? Math.min(headersMs, requestMs) : headersMs + requestMs);
  }

  bytes(): void {
    if (this.#isOver || this.#request?.complete !== true) return;
    this.#request = undefined;
    this.#awaitHead();
  }

  head(request: IncomingMessage): void {
    this.#request = request;
    this.#timer.set(milliseconds(this.#server.requestTimeout));
  }

  late(turn: unknown): void {
    if (!this.#timer.isDue(turn) || this.#request?.complete === true) return;
    this.#timer.clear();
    const error = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    // Node tells its own listener alone; who else listens is not told.
    const own = this.#socket.listeners('error').find(({ name }) => name === 'socketOnError');
    if (own !== undefined) Reflect.apply(own, this.#socket, [error]);
  }

  /** No requests come over it any more. */
  over(): void {
    this.#isOver = true;
    this.#timer.clear();
  }
}

/** Watches a connection that a server was given. */
export function watchRequests(server: object, socket: PuppetSocket, isLive: boolean): void {
  if (!('headersTimeout' in server) || socket.destroyed) return;
  const watcher = new LateRequests(server, socket, isLive);
  watchers.set(socket, watcher);
  socket.watch(watcher);
}

/** A server tells its listeners of something: of a request, perhaps, whose head is complete. */
export function noteHead(event: unknown, message: unknown): void {
  if (!(message instanceof IncomingMessage)) return;
  const watcher = watchers.get(message.socket);
  if (event === 'upgrade' || event === 'connect') watcher?.over();
  else watcher?.head(message);
}
