// Loops of calls that never leave the program: run as a session, and by plain Node with the socket of the orders as argument.
import { takeOrder } from './take-order.ts';

const box = {
  n: 0,
  add(x: number): number {
    this.n += x;
    return this.n;
  },
};
const pick = (x: number): number => x;
const list: number[] = [];
const maybe: typeof box | undefined = box;
let sink: unknown;

function over(count: number, one: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += one(i);
  return sum;
}

const kinds: Readonly<Record<string, (count: number) => unknown>> = {
  'a function of the file': (count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += pick(i);
    return sum;
  },
  'a function given as argument': (count) => over(count, pick),
  'a method of an object': (count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += box.add(i);
    return sum;
  },
  'Math.floor': (count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += Math.floor(i / 2);
    return sum;
  },
  'push and pop': (count) => {
    for (let i = 0; i < count; i++) {
      list.push(i);
      list.pop();
    }
    return list.length;
  },
  charCodeAt: (count) => {
    let sum = 0;
    const text = 'abc';
    for (let i = 0; i < count; i++) sum += text.charCodeAt(i % 3);
    return sum;
  },
  'an optional chain': (count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += maybe?.add?.(i) ?? 0;
    return sum;
  },
};

export async function main({ data }: { data: { orders: string } }): Promise<void> {
  for (;;) {
    const { kind, count } = await takeOrder(data.orders);
    if (kind === 'end') return;
    sink = kinds[kind]?.(count) ?? sink;
  }
}

if (import.meta.main) await main({ data: { orders: process.argv[2] ?? '' } });
