// Far functions that give and take streams.
export async function* numbers(count: number): AsyncGenerator<number> {
  for (let n = 1; n <= count; n++) yield n;
}

export async function sum(numbersOf: AsyncIterable<number>): Promise<number> {
  let total = 0;
  for await (const n of numbersOf) total += n;
  return total;
}

/** Gives back what it is given. */
export function back<T>(value: T): T {
  return value;
}

let ended = 0;

export async function* endless(): AsyncGenerator<number> {
  try {
    for (let n = 0; ; n++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      yield n;
    }
  } finally {
    ended++;
  }
}

export function howManyEnded(): number {
  return ended;
}

/** Never comes to its first step. */
export async function* silent(): AsyncGenerator<number> {
  await new Promise(() => {});
  yield 0;
}
