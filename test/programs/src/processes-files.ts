// execa and child_process, with fs in its synchronous, promise and callback forms.
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { onceMore } from './once-more.ts';

const execFileText = (file: string, args: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(file, args, (error, stdout) => (error ? reject(error) : resolve(stdout.trim())));
  });

export default async function main(event: { data: { folder: string } }): Promise<unknown> {
  const { folder } = event.data;
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'log.txt');
  fs.writeFileSync(file, 'one\n');
  const { stdout } = await onceMore(() => execa('printf', ['two']));
  await appendFile(file, `${stdout}\n`);
  const three = execFileSync('printf', ['three']).toString();
  fs.writeFileSync(`${file}.3`, three);
  const four = await execFileText('printf', ['four']);
  await new Promise<void>((resolve, reject) => fs.writeFile(`${file}.4`, four, (error) => (error ? reject(error) : resolve())));
  const failed = await onceMore(() => execa('sh', ['-c', 'exit 7'])).catch((error: { exitCode?: number }) => error.exitCode);
  const texts = await Promise.all([readFile(file, 'utf8'), readFile(`${file}.3`, 'utf8')]);
  const names = fs.readdirSync(folder).sort();
  return { lines: texts[0].split('\n')[0], three: texts[1], four: fs.readFileSync(`${file}.4`, 'utf8'), failed, names };
}
