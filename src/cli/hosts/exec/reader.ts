/** Whoever reads standard output has gone: a command that writes to it ends then, as one does here by SIGPIPE. */
export class ReaderGone extends Error {}

/** Writes as fast as it is read. @throws ReaderGone */
export async function written(stream: NodeJS.WriteStream, bytes: Uint8Array | string, isUnread: () => boolean): Promise<void> {
  if (isUnread()) throw new ReaderGone('nobody reads any more');
  if (!stream.write(bytes)) await drained(stream, isUnread);
}

/** Waits until a stream takes more. @throws ReaderGone */
export async function drained(stream: NodeJS.WriteStream, isUnread: () => boolean): Promise<void> {
  if (isUnread()) throw new ReaderGone('nobody reads any more');
  if (!stream.writableNeedDrain) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      for (const name of ['drain', 'close', 'error']) stream.off(name, done);
      resolve();
    };
    for (const name of ['drain', 'close', 'error']) stream.on(name, done);
  });
  if (isUnread()) throw new ReaderGone('nobody reads any more');
}
