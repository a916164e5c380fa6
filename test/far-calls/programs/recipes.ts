// Which openings are one context, and where contexts may be made.
import { activity } from 'resprout/durable';
import { local, type Context } from 'resprout';
import { fill, isDiskFull, mark, pidThere } from './far.ts';

export interface Given {
  readonly data: { readonly file: string; readonly node: string };
}

/** Opened when the module is loaded. */
const early = await local({ name: 'early' });

export async function same({ data }: Given): Promise<unknown> {
  const open = (): Promise<Context> => local({ name: 'one', node: data.node });
  const [a, b] = await Promise.all([open(), open()]);
  const c = await open();
  const other = await local({ name: 'two', node: data.node });
  const pids = await Promise.all([a, b, c, other].map((context) => context.call(pidThere)));
  return {
    isSame: a === b && a === c,
    isOther: a !== other,
    processes: new Set(pids).size,
    generations: [a, other].map(({ info }) => info.generation),
  };
}

export async function atLoad({ data }: Given): Promise<unknown> {
  const again = await local({ name: 'early' });
  return { isSame: again === early, marked: (await early.call(mark, data.file, 'early')).generation };
}

async function twoMarks(context: Context, file: string): Promise<number[]> {
  const marks = [await context.call(mark, file, 'inside'), await context.call(mark, file, 'inside again')];
  return [new Set(marks.map(({ pid }) => pid)).size, ...marks.map(({ generation }) => generation)];
}

const twice = activity(twoMarks);

async function ownContext(file: string): Promise<unknown[]> {
  await using own = await local({ name: 'own' });
  const error = await own.call(fill, '/data').catch((thrown: unknown) => thrown);
  return [(await own.call(mark, file, 'own')).generation, isDiskFull(error)];
}

const alone = activity(ownContext);

export async function inActivity({ data }: Given): Promise<unknown> {
  const far = await local({ name: 'shared' });
  const pid = await far.call(pidThere);
  return { shared: await twice(far, data.file), own: await alone(data.file), isSame: pid === (await far.call(pidThere)) };
}
