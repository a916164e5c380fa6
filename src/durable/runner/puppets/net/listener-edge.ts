// What joins a server of a program to the one outside. After a crash it listens again, at the address that it had; what it had accepted is lost.
import type net from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { lstatSync, unlinkSync } from 'node:fs';
import type { Conversation } from '../../../replay/objects/conversation.ts';
import type { LocalHalf } from '../../../replay/objects/local-half.ts';
import type { Session } from '../../../replay/session/session-api.ts';
import { outside } from '../here.ts';
import { natives } from '../natives.ts';
import { NativeStream } from '../socket/native-stream.ts';
import { connectionFacts, type ConnectionFacts } from '../socket/puppet-socket.ts';
import { shownListen, type ListenOptions } from './listen-options.ts';
import type { Answer, ServerTidings } from './server-tidings.ts';

export type Address = AddressInfo | string | null;

/** A connection that was accepted. */
export interface Accepted {
  readonly facts: ConnectionFacts;
  /** Undefined on replay. */
  readonly half: NativeStream | undefined;
}

/** What an edge asks of the program's server. */
export interface ListenerOwner {
  onListening(address: Address): void;
  onAccepted(accepted: Accepted): void;
  onEvent(name: string, value: unknown): void;
  /** The server outside asks something that the program has to say. */
  onQuestion(name: string, args: readonly unknown[], answer: Answer): void;
  /** Makes the server outside. */
  makeOutside(tidings: ServerTidings): net.Server;
  /** What is known of such a connection. */
  factsOf(socket: Socket): ConnectionFacts;
}

const retryPath = (path: string, then: (isFree: boolean) => void): void => {
  const probe = natives.netConnect(path);
  probe.on('connect', () => {
    probe.destroy();
    then(false);
  });
  probe.on('error', () => {
    try {
      unlinkSync(path);
      then(true);
    } catch {
      then(false);
    }
  });
};

/** The file of a socket, as nothing else has it. */
interface SocketFile {
  readonly dev: number;
  readonly ino: number;
}

function socketFile(path: string | undefined): SocketFile | undefined {
  try {
    const { dev, ino } = lstatSync(path ?? '');
    return { dev, ino };
  } catch {
    return undefined;
  }
}

/** What was found when it began to listen. */
type Facts = { readonly address: Address; readonly file?: SocketFile | undefined } | { readonly thrown: unknown };

/** One time that a server listens. */
export class ListenerEdge implements LocalHalf {
  readonly isListener = true;
  readonly #conversation: Conversation;
  readonly #owner: ListenerOwner;
  readonly #options: ListenOptions;
  readonly #accepted = new Map<number, NativeStream>();
  readonly #sockets = new Set<Socket>();
  /** What the server outside waits for, by the number of its question. */
  readonly #questions = new Map<number, Answer>();
  readonly #fn: string;
  #half: net.Server | undefined;
  #address: Address = null;
  #file: SocketFile | undefined;
  #isTold = false;
  #isOpening = false;
  #isClosed = false;
  #isDisposed = false;
  #serial = 0;

  constructor(session: Session, fn: string, options: ListenOptions, owner: ListenerOwner) {
    this.#owner = owner;
    this.#options = options;
    this.#fn = fn;
    const where = options.path ?? (options.fd === undefined ? `port ${String(options.port)}` : `descriptor ${String(options.fd)}`);
    this.#conversation = session.world.conversation({ half: this, shown: `server at ${where}` });
  }

  get address(): Address {
    return this.#address;
  }

  /**
   * Opens it. Without a name to look up Node listens where it stands, and its address can be read at once.
   * @throws what Node throws
   */
  open(): void {
    const shown = [shownListen(this.#options)];
    if (this.#options.host !== undefined) {
      this.#isOpening = this.#conversation.open(this.#fn, shown, () => {
        this.#isOpening = false;
        if (!this.#isClosed) this.#listen(this.#options, (address) => this.#conversation.arrive('listening', address));
      });
      return;
    }
    const facts = this.#conversation.openNow(this.#fn, shown, () => {
      try {
        this.#listen(this.#options, () => undefined);
        return { address: this.#half?.address() ?? null, file: socketFile(this.#options.path) };
      } catch (error) {
        return { thrown: error };
      }
    }) as Facts;
    if ('thrown' in facts) {
      this.#conversation.over();
      throw facts.thrown;
    }
    if (facts.address === null) return;
    this.#address = facts.address;
    this.#file = facts.file;
    this.#isTold = true;
    process.nextTick(() => {
      if (!this.#isClosed) this.#owner.onListening(this.#address);
    });
  }

  /** Outside. */
  #listen(options: ListenOptions, listening: (address: Address) => void, failed?: (error: Error) => void): void {
    const arrive = (name: string, value: unknown): void => this.#conversation.arrive(name, value);
    const server = this.#owner.makeOutside({
      accepted: (socket) => this.#accept(socket),
      arrive,
      ask: (name, args, answer) => {
        const serial = ++this.#serial;
        this.#questions.set(serial, answer);
        arrive('question', { serial, name, args });
      },
    });
    this.#half = server;
    server.on('error', (error) => (failed === undefined ? arrive('error', error) : failed(error)));
    server.on('listening', () => {
      listening(server.address());
      // It was closed, or the session ended, while it was on its way: Node does not close what does not listen yet.
      if (this.#isDisposed || this.#isClosed) server.close();
    });
    // An encrypted one is not handed out before its handshake.
    server.prependListener('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('drop', (data) => arrive('drop', data));
    const { signal: _signal, ...rest } = options;
    server.listen(rest);
  }

  #accept(socket: Socket): void {
    for (const one of this.#sockets) if (one.remotePort === socket.remotePort) this.#sockets.delete(one);
    // The program has closed it, and is given nothing more.
    if (this.#isClosed) return void socket.destroy();
    const serial = ++this.#serial;
    this.#accepted.set(serial, new NativeStream(socket));
    this.#conversation.arrive('connection', { serial, facts: this.#owner.factsOf(socket) });
  }

  take(name: string, value: unknown): void {
    switch (name) {
      case 'listening':
        if (this.#isTold || this.#isClosed) return;
        this.#isTold = true;
        this.#address = value as Address;
        return this.#owner.onListening(this.#address);
      case 'connection': {
        const { serial, facts } = value as { readonly serial: number; readonly facts: ConnectionFacts };
        const half = this.#accepted.get(serial);
        this.#accepted.delete(serial);
        return this.#owner.onAccepted({ facts, half });
      }
      case 'question': {
        const {
          serial,
          name: asked,
          args,
        } = value as { readonly serial: number; readonly name: string; readonly args: readonly unknown[] };
        if (this.#isClosed) return;
        return this.#owner.onQuestion(asked, args, (...values) => this.#answer(serial, values));
      }
      default:
        if (name === 'error' && this.#address === null) this.#failed();
        return this.#owner.onEvent(name, value);
    }
  }

  /** The server outside may be another one by now, which has not asked. */
  #answer(serial: number, values: readonly unknown[]): void {
    if (this.#isClosed) return;
    this.#conversation.effect('answer', values.length, () => {
      const answer = this.#questions.get(serial);
      this.#questions.delete(serial);
      answer?.(...values);
    });
  }

  /** It never listened, and does not later. */
  #failed(): void {
    this.#isClosed = true;
    this.#conversation.over();
  }

  wake(): Promise<void> | undefined {
    if (this.#half !== undefined || this.#isOpening || this.#isClosed) return undefined;
    const { port, host, path, fd } = this.#options;
    const known = typeof this.#address === 'object' && this.#address !== null ? this.#address.port : undefined;
    const options = path !== undefined || fd !== undefined ? this.#options : { ...this.#options, host, port: known ?? port };
    return new Promise((resolve) => {
      const failed = (error: Error): void => {
        this.#conversation.arrive('error', error);
        resolve();
      };
      const listening = (address: Address): void => {
        if (!this.#isTold) this.#conversation.arrive('listening', address);
        resolve();
      };
      this.#listen(options, listening, (error) => {
        // The file of a socket stays when its process is killed.
        if (path === undefined || Reflect.get(error, 'code') !== 'EADDRINUSE') return failed(error);
        retryPath(path, (isFree) => (isFree ? this.#listen(options, listening, failed) : failed(error)));
      });
    });
  }

  close(): void {
    this.#isClosed = true;
    const isNew = this.#conversation.effect('close', 0, () => this.#closeOutside());
    // The process that said so may have ended before it was done.
    if (!isNew) this.#conversation.whenLive(() => this.#removeFile());
    this.#conversation.over();
  }

  setRef(isRef: boolean): void {
    this.#conversation.setRef(isRef);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#closeOutside();
  }

  /** With what nobody was given: it would come to a server that is closed. */
  #closeOutside(): void {
    for (const socket of [...this.#sockets, ...this.#accepted.values()]) socket.destroy();
    this.#accepted.clear();
    this.#questions.clear();
    if (this.#half === undefined) this.#removeFile();
    else this.#half.close();
  }

  /** The file of a socket stays when its process is killed. */
  #removeFile(): void {
    const { path } = this.#options;
    const found = socketFile(path);
    if (path !== undefined && found !== undefined && found.dev === this.#file?.dev && found.ino === this.#file.ino) unlinkSync(path);
  }

  /** The native server is changed as the program changes its own. */
  tune(change: (server: net.Server) => void): void {
    const half = this.#half;
    if (half !== undefined) outside(() => change(half));
  }
}

/** Facts of a plain connection. */
export const plainFacts = (socket: Socket): ConnectionFacts => connectionFacts(socket);
