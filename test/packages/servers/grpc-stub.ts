// A gRPC server for one program, of the package that programs use as a client; messages are JSON. Each kind of call once.
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Effects } from './effects.ts';
import type { HttpServer } from './http-stub.ts';

type Message = Readonly<Record<string, number>>;
type Answer = (error: null, message: Message) => void;

/** Both ends of a stream, as the package gives them to a handler. */
interface Stream extends AsyncIterable<Message> {
  readonly request: Message;
  on(name: 'data', listener: (message: Message) => void): void;
  on(name: 'end' | 'error', listener: () => void): void;
  write(message: Message): void;
  end(): void;
}

interface Server {
  addService(methods: object, handlers: object): void;
  bindAsync(address: string, credentials: object, callback: (error: Error | null, port: number) => void): void;
  forceShutdown(): void;
}

/** As far as it is used here. The package is installed for the suite only, so its types cannot be imported. */
interface Grpc {
  readonly Server: new () => Server;
  readonly ServerCredentials: { createInsecure(): object };
}

const encode = (message: Message): Buffer => Buffer.from(JSON.stringify(message));
const decode = (bytes: Buffer): Message => JSON.parse(bytes.toString()) as Message;

const method = (name: string, requestStream: boolean, responseStream: boolean): object => ({
  path: `/Stub/${name}`,
  requestStream,
  responseStream,
  requestSerialize: encode,
  requestDeserialize: decode,
  responseSerialize: encode,
  responseDeserialize: decode,
});

const METHODS = {
  Add: method('Add', false, false),
  Count: method('Count', false, true),
  Sum: method('Sum', true, false),
  Double: method('Double', true, true),
};

async function sum(stream: Stream): Promise<number> {
  let total = 0;
  for await (const { n = 0 } of stream) total += n;
  return total;
}

/** By its events: an iterator destroys a stream of both ways when it has read all. */
function double(stream: Stream): void {
  stream.on('data', ({ n = 0 }) => stream.write({ n: 2 * n }));
  stream.on('end', () => stream.end());
  stream.on('error', () => undefined);
}

/** Starts one on a free port. */
export async function startGrpc(effects: Effects): Promise<HttpServer> {
  const grpc = createRequire(path.join(import.meta.dirname, '../package.json'))('@grpc/grpc-js') as Grpc;
  const server = new grpc.Server();
  server.addService(METHODS, {
    Add: ({ request: { a = 0, b = 0 } }: Stream, answer: Answer) => {
      // The same addition twice is one, as with a key: a program that asks again after a kill asks for the same.
      if (effects.count(`ADD ${a} ${b}`) === 0) effects.add(`ADD ${a} ${b}`);
      answer(null, { sum: a + b });
    },
    Count: (stream: Stream) => {
      for (let n = 1; n <= (stream.request['to'] ?? 0); n++) stream.write({ n });
      stream.end();
    },
    // A call that its client has left is one of a stage that was killed.
    Sum: (stream: Stream, answer: Answer) =>
      void sum(stream).then(
        (total) => answer(null, { total }),
        () => undefined,
      ),
    Double: double,
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return { port, close: () => server.forceShutdown() };
}
