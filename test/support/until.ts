/** Waits until something is true; it is asked 20 ms after each answer. @throws Error that names it after `limitMs` */
export async function until(what: string, isThere: () => boolean | Promise<boolean>, limitMs = 40_000): Promise<void> {
  for (const startedMs = performance.now(); !(await isThere());) {
    if (performance.now() - startedMs > limitMs) throw new Error(`${limitMs / 1000} s without: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
