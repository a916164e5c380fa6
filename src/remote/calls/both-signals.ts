/** A signal that fires with either of two. */
export function bothSignals(
  first: AbortSignal | undefined,
  second: AbortSignal | undefined,
): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const onFirst = (): void => controller.abort(first?.reason);
  const onSecond = (): void => controller.abort(second?.reason);
  if (first?.aborted === true) onFirst();
  if (second?.aborted === true) onSecond();
  first?.addEventListener('abort', onFirst, { once: true });
  second?.addEventListener('abort', onSecond, { once: true });
  return {
    signal: controller.signal,
    dispose: () => {
      first?.removeEventListener('abort', onFirst);
      second?.removeEventListener('abort', onSecond);
    },
  };
}
