import { headOf, responseFrom, type ResponseBody } from '../../../journal/bodies/response-head.ts';

/** The stream of a body that is there, for a request that is held: its signal follows that of the program while it is there. What is unread of it is gone when the request is aborted, as it is when it comes from a server. */
function wholeStream(bytes: ArrayBuffer, request: Request): ReadableStream<Uint8Array> {
  return new ReadableStream({
    type: 'bytes',
    start(controller) {
      if (bytes.byteLength > 0) controller.enqueue(new Uint8Array(bytes));
      controller.close();
      // It does nothing to a stream that was read to its end.
      request.signal.addEventListener('abort', () => controller.error(request.signal.reason), { once: true });
    },
  });
}

/** A whole answer to a request that the program may still abort. @throws the reason when it has */
export async function abortable(response: Response, request: Request): Promise<Response> {
  const { signal } = request;
  signal.throwIfAborted();
  if (response.body === null) return response;
  const bytes = await response.arrayBuffer();
  signal.throwIfAborted();
  return responseFrom(headOf(response), wholeStream(bytes, request) as ResponseBody);
}
