// Errors of HTTP/2 that Node makes before anything leaves, in its words.

function error(code: string, message: string, Class: ErrorConstructor = Error): Error {
  return Object.assign(new Class(message), { code });
}

export const invalidSession = (): Error => error('ERR_HTTP2_INVALID_SESSION', 'The session has been destroyed');
export const invalidStream = (): Error => error('ERR_HTTP2_INVALID_STREAM', 'The stream has been destroyed');
export const goawaySession = (): Error => error('ERR_HTTP2_GOAWAY_SESSION', 'New streams cannot be created after receiving a GOAWAY');
export const headersSent = (): Error => error('ERR_HTTP2_HEADERS_SENT', 'Response has already been initiated.');
export const afterRespond = (): Error =>
  error('ERR_HTTP2_HEADERS_AFTER_RESPOND', 'Cannot specify additional headers after response initiated');
export const trailersSent = (): Error => error('ERR_HTTP2_TRAILERS_ALREADY_SENT', 'Trailing headers have already been sent');
export const trailersNotReady = (): Error =>
  error('ERR_HTTP2_TRAILERS_NOT_READY', 'Trailing headers cannot be sent until after the wantTrailers event is emitted');
export const pingCancelled = (): Error => error('ERR_HTTP2_PING_CANCEL', 'HTTP2 ping cancelled');
export const pingLength = (): Error => error('ERR_HTTP2_PING_LENGTH', 'HTTP2 ping payload must be 8 bytes', RangeError);
export const settingsCancelled = (): Error => error('ERR_HTTP2_SETTINGS_CANCEL', 'HTTP2 session settings canceled');
export const socketBound = (): Error => error('ERR_HTTP2_SOCKET_BOUND', 'The socket is already bound to an Http2Session');
export const socketUnbound = (): Error => error('ERR_HTTP2_SOCKET_UNBOUND', 'The socket has been disconnected from the Http2Session');
export const noManipulation = (): Error =>
  error('ERR_HTTP2_NO_SOCKET_MANIPULATION', 'HTTP/2 sockets should not be directly manipulated (e.g. read and written)');
export const socketClosed = (): Error => error('ERR_SOCKET_CLOSED', 'Socket is closed');
export const pushDisabled = (): Error => error('ERR_HTTP2_PUSH_DISABLED', 'HTTP/2 client has disabled push streams');
export const switchingProtocols = (): Error =>
  error('ERR_HTTP2_STATUS_101', 'HTTP status code 101 (Switching Protocols) is forbidden in HTTP/2');
export const badInfoStatus = (status: unknown): Error =>
  error('ERR_HTTP2_INVALID_INFO_STATUS', `Invalid informational status code: ${String(status)}`, RangeError);
export const badStatus = (status: unknown): Error =>
  error('ERR_HTTP2_STATUS_INVALID', `Invalid status code: ${String(status)}`, RangeError);
export const badPseudoHeader = (name: string): Error =>
  error('ERR_HTTP2_INVALID_PSEUDOHEADER', `"${name}" is an invalid pseudoheader or is used incorrectly`, TypeError);
export const connectionHeader = (name: string): Error =>
  error('ERR_HTTP2_INVALID_CONNECTION_HEADERS', `HTTP/1 Connection specific headers are forbidden: "${name}"`, TypeError);
export const unknownProtocol = (protocol: string): Error =>
  error('ERR_HTTP2_UNSUPPORTED_PROTOCOL', `protocol "${protocol}" is unsupported.`);

const CONNECT = {
  authority: ':authority header is required for CONNECT requests',
  path: 'The :path header is forbidden for CONNECT requests',
  scheme: 'The :scheme header is forbidden for CONNECT requests',
};

/** What is wrong with the headers of a CONNECT request. */
export const badConnect = (what: keyof typeof CONNECT): Error => error(`ERR_HTTP2_CONNECT_${what.toUpperCase()}`, CONNECT[what]);

/** A session that was ended with a code. */
export const sessionError = (code: number): Error => error('ERR_HTTP2_SESSION_ERROR', `Session closed with error code ${String(code)}`);

/** A stream that was ended with a code. @param shown name of the code */
export const streamError = (shown: string): Error => error('ERR_HTTP2_STREAM_ERROR', `Stream closed with error code ${shown}`);

/** A stream whose session ended before it was sent. */
export const streamCancelled = (cause: Error | undefined): Error =>
  Object.assign(
    new Error(
      cause === undefined ? 'The pending stream has been canceled' : `The pending stream has been canceled (caused by: ${cause.message})`,
      cause === undefined ? {} : { cause },
    ),
    { code: 'ERR_HTTP2_STREAM_CANCEL' },
  );

/** A signal of the program took a request back. */
export const aborted = (reason: unknown): Error =>
  Object.assign(new Error('The operation was aborted', { cause: reason }), { name: 'AbortError', code: 'ABORT_ERR' });
