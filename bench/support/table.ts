// Rows as a Markdown table: medians, with minimum and maximum behind them.
import type { Measured, Row, Unit } from './bench.ts';

export interface Answer {
  readonly name: string;
  readonly question: string;
  readonly rows: readonly Row[];
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
  return { median, min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN };
}

const SMALL_DIGITS = 3;

function figureText(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`a figure is ${value}`);
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(SMALL_DIGITS)));
}

function spreadText({ median, min, max }: Spread, unit?: Unit): string {
  const behind = unit === undefined ? '' : ` ${unit}`;
  return `${figureText(median)}${behind} (${figureText(min)} to ${figureText(max)})`;
}

/** The ratio of each slice: what disturbed both sides of a slice cancels out. */
function ratioOf(row: Measured): Spread {
  if (row.ours.length !== row.theirs.length) throw new Error(`${row.figure}: ${row.ours.length} slices beside ${row.theirs.length}`);
  return spreadOf(row.ours.map((mine, index) => mine / (row.theirs[index] ?? NaN)));
}

function goalText(row: Measured): string {
  if (row.goal === undefined) return '';
  return ratioOf(row).median <= row.goal ? `≤ ${row.goal}` : `≤ ${row.goal}, missed`;
}

function line(name: string, row: Row): string {
  if ('skipped' in row) return `| \`${name}\` | ${row.figure} | not measured: ${row.skipped} | | | | | |`;
  const cells = [
    row.figure,
    spreadText(spreadOf(row.ours), row.unit),
    row.peer,
    spreadText(spreadOf(row.theirs), row.unit),
    spreadText(ratioOf(row)),
    goalText(row),
    String(row.ours.length),
  ];
  return `| \`${name}\` | ${cells.join(' | ')} |`;
}

const HEAD = [
  '| bench | figure | Resprout: median (min to max) | floor or peer | its median (min to max) | ratio: median (min to max) | goal | slices |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
];

/** One table of all answers. */
export function tableOf(answers: readonly Answer[]): string {
  return [...HEAD, ...answers.flatMap(({ name, rows }) => rows.map((row) => line(name, row)))].join('\n');
}
