/**
 * Resolves when everything that was written to stdout and stderr so far has left this process. Pipes are written without waiting: what
 * the reader has not taken yet lies here, and is lost with a process that is killed.
 */
export async function flushOutput(): Promise<void> {
  const flushed = [process.stdout, process.stderr].map(
    (stream) =>
      new Promise<void>((resolve) => {
        if (stream.destroyed || stream.writableLength === 0) resolve();
        else stream.write('', () => resolve());
      }),
  );
  await Promise.all(flushed);
}
