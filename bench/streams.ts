// What does it cost when much data flows through a program, every piece of it recorded?
import { openSync, closeSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTurn, type Bench, type Row } from './support/bench.ts';
import { toFirstByte } from './support/processes.ts';
import { runAlone } from './support/run-alone.ts';
import { workFolder } from './support/work-folder.ts';

const COMMAND = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const SLICES = 3;
const MEGABYTES = 100;

/** Each program prints when it is done, and nothing before. */
const PROGRAMS: readonly { readonly name: string; readonly figure: string; readonly text: string }[] = [
  {
    name: 'lines',
    figure: 'a child that prints 100,000 lines, read one by one',
    text: `
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
let count = 0;
for await (const line of createInterface({ input: spawn('seq', ['100000']).stdout })) count += line.length > 0 ? 1 : 0;
console.log(count);
`,
  },
  {
    name: 'chunks',
    figure: `${MEGABYTES} MB of a file by \`for await\`, each chunk in the journal`,
    text: `
import { createReadStream } from 'node:fs';
let bytes = 0;
for await (const chunk of createReadStream(new URL('data', import.meta.url))) bytes += chunk.length;
console.log(bytes);
`,
  },
  {
    name: 'pipeline',
    figure: `${MEGABYTES} MB from file to file by \`pipeline\``,
    text: `
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
await pipeline(createReadStream(new URL('data', import.meta.url)), createWriteStream(new URL('copy', import.meta.url)));
console.log('copied');
`,
  },
];

function writeData(file: string): void {
  const fd = openSync(file, 'w');
  const megabyte = Buffer.alloc(1024 * 1024, 'resprout ');
  for (let i = 0; i < MEGABYTES; i++) writeSync(fd, megabyte);
  closeSync(fd);
}

export const bench: Bench = {
  name: 'streams',
  question: 'What does it cost when much data flows through a program, every piece of it recorded?',
  async run() {
    using folder = workFolder();
    writeFileSync(path.join(folder.path, 'package.json'), '{ "name": "program", "type": "module" }');
    writeData(path.join(folder.path, 'data'));
    const rows: Row[] = [];
    for (const { name, figure, text } of PROGRAMS) {
      const file = path.join(folder.path, `${name}.ts`);
      writeFileSync(file, text);
      const store = path.join(folder.path, 'store');
      const durable = (): Promise<number> => toFirstByte(process.execPath, [COMMAND, 'run', file, '--store', store, '--quiet']);
      const plain = (): Promise<number> => toFirstByte(process.execPath, [file]);
      const taken = await inTurn(SLICES, { durable, plain });
      rows.push({ figure, unit: 'ms', ours: taken.durable, peer: 'the same program on plain Node', theirs: taken.plain });
    }
    return rows;
  },
};

if (import.meta.main) await runAlone(bench);
