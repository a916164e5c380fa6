// What runs in the main thread of a far process, without the thread: calls, modules, channels, the face.
import type { ContextId } from '../../../base/brand.ts';
import type { FunctionAddress, ModuleTarget } from '../../../base/builds/build.ts';
import type { Duration } from '../../../base/time/duration.ts';
import { isResproutError, ResproutError } from '../../../base/errors/errors.ts';
import { isSecret, Secret } from '../../../base/secret.ts';
import { DEAD, HANDLE } from '../../../wire/frames/handles.ts';
import { decodeValue } from '../../../wire/values/value-decode.ts';
import { Channels } from './channels/channels.ts';
import type { ContextInfo } from './calls/context-info.ts';
import { type ContextReference, crossesAsContext, Crossing } from './calls/crossing.ts';
import { currentCall, Dispatcher } from './calls/dispatcher.ts';
import { faceMember } from './face.ts';
import { findFunction } from './calls/find-function.ts';
import { fnRef, isFunctionRef } from './calls/fn-ref.ts';
import { Mailboxes } from './messages/mailboxes.ts';
import type { Message, ModulesMessage, SetupMessage } from './messages/messages.ts';
import { type FarFile, ModuleStore } from './calls/module-store.ts';

/** What the thread gives. */
export interface ProgramPorts {
  readonly id: ContextId;
  readonly setup: SetupMessage;
  send(message: Omit<Message, 'src'>): void;
  importModule(url: string): Promise<object>;
  sleep(duration: Duration): Promise<void>;
}

/** The hooks, as far as calls need them. */
export interface ProgramImporter {
  urlOf(file: FarFile): string;
  accessorOf(file: FarFile): ((n: number) => unknown) | undefined;
}

/** The program's side of a far process. */
export class Program {
  readonly mailboxes: Mailboxes;
  readonly store: ModuleStore;
  readonly home: ContextId;
  importer: ProgramImporter | undefined;
  /** What a name of this package is on the far side. */
  readonly faceMember: (name: string) => unknown;
  readonly #ports: ProgramPorts;
  readonly #channels: Channels;
  readonly #dispatcher: Dispatcher;
  readonly #crossing: Crossing;

  constructor(ports: ProgramPorts) {
    const { setup } = ports;
    this.#ports = ports;
    this.home = setup.home;
    this.mailboxes = new Mailboxes(ports.id);
    this.store = new ModuleStore(setup.secret);
    const send = ports.send;
    this.#channels = new Channels({ mailboxes: this.mailboxes, send });
    const context = (reference: ContextReference): object => new ContextStandIn(reference);
    const crossingPorts = { channels: this.#channels, send, context };
    this.#crossing = new Crossing(crossingPorts, this.home, new Map(), { lost: () => new Error('lost') });
    this.#dispatcher = new Dispatcher({
      ...crossingPorts,
      find: (address) => this.#find(address),
      clean: (text) => this.store.clean(text),
      read: (payload) => decodeValue(payload, { shareBytes: true }) as never,
    });
    const working = this.#face();
    this.faceMember = (name) => faceMember(name, working);
  }

  /** A message of the broker. */
  onMessage(message: Message): void {
    if (message.handle === HANDLE.CALL) this.#dispatcher.onCall(message);
    else if (message.handle === HANDLE.ABORT) this.#dispatcher.onAbort(message);
    else if (message.handle === HANDLE.LOAD_MODULE) this.#keep(decodeValue(message.payload, MODULE_LIMITS) as ModulesMessage);
    else if (message.handle === HANDLE.CHANNEL_CREDIT) this.#channels.onPull(message);
    else this.mailboxes.receive(message);
  }

  /** Aborts the running calls; resolves when they have ended. */
  stop(): Promise<void> {
    return this.#dispatcher.stop(new ResproutError('REMOTE_CLOSED', 'the context is being closed'));
  }

  /** Keeps the answer to a late request and gives where the specifier leads. @throws what the controller refused it with */
  keepLate(specifier: string, answer: Message | undefined): ModuleTarget {
    if (answer === undefined || answer.replyTo === DEAD)
      throw new ResproutError('REMOTE_MODULE_MISSING', `nobody answered the request for '${specifier}'`);
    const { batch, error } = decodeValue(answer.payload, MODULE_LIMITS) as ModulesMessage;
    if (batch === undefined) throw error === undefined ? new Error(`no module ${specifier}`) : this.#crossing.decode(error);
    this.store.add(batch);
    return batch.target;
  }

  errorBytes(error: unknown): Uint8Array {
    return this.#crossing.encodeError(error);
  }

  #keep({ batch }: ModulesMessage): void {
    if (batch !== undefined) this.store.add(batch);
  }

  #find(address: FunctionAddress): ReturnType<typeof findFunction> {
    const { importer } = this;
    return findFunction(address, {
      builtin: (name) => this.#ports.importModule(name),
      load: async (file) => {
        await this.store.arrived(file.build, file.path);
        return this.#ports.importModule(importer?.urlOf(file) ?? file.path);
      },
      accessorOf: (file) => importer?.accessorOf(file),
    });
  }

  #face(): Readonly<Record<string, unknown>> {
    const { id, setup } = this.#ports;
    const never = new AbortController().signal;
    const contextInfo = (): ContextInfo => {
      const call = currentCall.getStore();
      return {
        name: setup.name,
        id,
        generation: setup.generation,
        signal: call?.signal ?? never,
        idempotencyKey: call?.idempotencyKey,
      };
    };
    const idempotencyKey = (): string | undefined => currentCall.getStore()?.idempotencyKey;
    return {
      contextInfo,
      fnRef,
      idempotencyKey,
      isFunctionRef,
      isResproutError,
      isSecret,
      ResproutError,
      Secret,
      sleep: this.#ports.sleep,
    };
  }
}

const MODULE_LIMITS = { limits: { nodes: 1_000_000, depth: 16 }, shareBytes: true };

/** A context of the controller: it keeps its identity on the way there and back, and can be used there only. */
class ContextStandIn {
  readonly name: string;
  readonly call = faceMember('context.call', {});
  readonly with = faceMember('context.with', {});
  readonly close = faceMember('context.close', {});
  readonly detach = faceMember('context.detach', {});
  readonly $ = faceMember('context.$', {});

  constructor(reference: ContextReference) {
    this.name = reference.name;
    crossesAsContext(this, () => reference);
  }
}
