/** Waits until something is true; it is asked every 20 ms. @throws Error that names it after `limitMs` */
export async function until(what: string, isThere: () => boolean, limitMs = 15_000): Promise<void> {
  for (const startedMs = performance.now(); !isThere();) {
    if (performance.now() - startedMs > limitMs) throw new Error(`${limitMs / 1000} s without: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
