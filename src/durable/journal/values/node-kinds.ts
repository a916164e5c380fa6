/** The classes that come with `fetch`, by their global names. */
interface FetchObjects {
  readonly Headers: Headers;
  readonly FormData: FormData;
  readonly Response: Response;
  readonly Request: Request;
}

/**
 * What the journal's codec has to ask the runtime, since no neutral code can: proxies, Buffer and Node's streams.
 * The real one is platform/values/node-kinds.ts.
 */
export interface NodeKinds {
  /** Whether a value is a proxy, which is otherwise what it wraps. */
  isProxy(value: object): boolean;
  isBuffer(value: unknown): value is Uint8Array;
  /** A Buffer of its own memory. */
  bufferFrom(bytes: Uint8Array): Uint8Array;
  /** Whether a value is an object of a class that comes with `fetch`. Does not load them, which takes long: nothing is until they are. */
  isFetchObject<Name extends keyof FetchObjects>(name: Name, value: unknown): value is FetchObjects[Name];
  /** Whether a value is a key or a certificate of the platform. */
  isKey(value: object): boolean;
  /** A key as data; what the platform does not let the program export too. */
  keyForm(value: object): unknown;
  /** The key of a form. @throws for what is none */
  keyFrom(form: unknown): object;
  /** Whether a value is a Node stream that can only be read and has not been read from: what a stream inside a result must be. */
  isUnreadStream(value: object): value is AsyncIterable<unknown>;
  /** The bytes of one piece of such a stream; undefined for a piece that is neither text nor bytes. */
  pieceBytes(piece: unknown): Uint8Array | undefined;
  /** A stream with these bytes. `sdk`: with the transformTo methods that bodies of the AWS SDK have. */
  streamFrom(bytes: Uint8Array, sdk: boolean): object;
}
