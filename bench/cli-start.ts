// How long does `resprout run` take until the program prints something?
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTurn, type Bench } from './support/bench.ts';
import { bareNode, toFirstByte } from './support/processes.ts';
import { runAlone } from './support/run-alone.ts';
import { workFolder } from './support/work-folder.ts';

const COMMAND = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const SLICES = 21;

export const bench: Bench = {
  name: 'cli-start',
  question: 'How long does `resprout run` take until the program prints something?',
  async run() {
    using folder = workFolder();
    const file = path.join(folder.path, 'program.ts');
    writeFileSync(path.join(folder.path, 'package.json'), '{ "name": "program", "type": "module" }');
    writeFileSync(file, `export function main(): void {\n  console.log('first line');\n}\nif (import.meta.main) main();\n`);
    const store = path.join(folder.path, 'store');
    const durable = (): Promise<number> => toFirstByte(process.execPath, [COMMAND, 'run', file, '--store', store, '--quiet']);
    const plain = (): Promise<number> => toFirstByte(process.execPath, [file]);
    // The first runs build the program and fill the compile cache.
    const taken = await inTurn(SLICES, { durable, bareNode, plain }, 3);
    const mine = { figure: '`resprout run` to the first byte of the program, warm', unit: 'ms', ours: taken.durable } as const;
    return [
      { ...mine, peer: '`node -e 0`', theirs: taken.bareNode, goal: 5 },
      { ...mine, peer: 'the same program on plain Node', theirs: taken.plain },
    ];
  },
};

if (import.meta.main) await runAlone(bench);
