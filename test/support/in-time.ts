/** Waits for work. @throws Error that names it after `limitMs`; the work itself goes on */
export async function inTime<T>(what: string, work: Promise<T>, limitMs = 30_000): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`after ${limitMs / 1000} s still under way: ${what}`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
