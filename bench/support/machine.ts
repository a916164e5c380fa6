// The machine that figures come from, in one sentence.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import path from 'node:path';
import { spreadOf } from './table.ts';
import { workFolder } from './work-folder.ts';

const SYNCS = 200;
const PAGE_BYTES = 4096;
const GIB = 1024 ** 3;

/** Median of a write of one page with fsync, on the disk of temporary files, in us. */
function fsyncUs(): number {
  using folder = workFolder();
  const file = openSync(path.join(folder.path, 'synced'), 'w');
  const page = Buffer.alloc(PAGE_BYTES, 7);
  const taken: number[] = [];
  for (let count = 0; count < SYNCS; count++) {
    const start = performance.now();
    writeSync(file, page);
    fsyncSync(file);
    taken.push((performance.now() - start) * 1000);
  }
  closeSync(file);
  return spreadOf(taken).median;
}

export function machineText(): string {
  const cores = cpus();
  const [model = 'an unknown processor'] = cores.map((core) => core.model.trim());
  const facts = [
    `${model}, ${cores.length} ${cores.length === 1 ? 'core' : 'cores'}`,
    `${(totalmem() / GIB).toFixed(0)} GiB of memory`,
    `${type()} ${release()}`,
    `Node ${process.versions.node}`,
    `a write of ${PAGE_BYTES} bytes with fsync takes ${fsyncUs().toFixed(0)} us`,
    new Date().toISOString().slice(0, 10),
  ];
  return facts.join('; ');
}
