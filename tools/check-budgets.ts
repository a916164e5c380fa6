// Checks what travels: bytes of the built texts, and that they ask for nothing but builtins of Node. Run after the build.
import { readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';

/** The first part must fit the first TCP window (10 segments); the second comes right behind it. */
const BUDGETS: Readonly<Record<string, number>> = {
  'child.duplex.br': 14_000,
  'child.split.br': 14_000,
  'child.second.br': 10_000,
  // Sent once, at the first CONNECT through a context.
  'broker.br': 24_000,
  // Sent when a context is detached.
  'detach.br': 12_000,
  // Sent when they are used, as they are.
  'commands.js': 12_000,
  'files.js': 16_000,
  'exec.js': 16_000,
  'doctor.js': 4_000,
  'unit.js': 7_000,
};
const TEXTS = new URL('../dist/texts/', import.meta.url);
const problems: string[] = [];

console.log('text                 bytes    budget');
for (const [name, budgetBytes] of Object.entries(BUDGETS)) {
  const bytes = statSync(new URL(name, TEXTS)).size;
  console.log(
    `${name.padEnd(18)}${String(bytes).padStart(8)}${String(budgetBytes).padStart(10)}${bytes > budgetBytes ? '  TOO LARGE' : ''}`,
  );
  if (bytes > budgetBytes) problems.push(`${name} has ${bytes} bytes, ${budgetBytes} are allowed`);
}

for (const name of ['child.txt', 'broker.txt', 'detach.txt']) {
  const text = readFileSync(new URL(name, TEXTS), 'utf8');
  for (const [, specifier = ''] of text.matchAll(/\brequire\(["'`]([^"'`]+)["'`]\)/g)) {
    const isPart = specifier === './main.js' || specifier.startsWith('./program-thread-');
    if (!isPart && !(specifier.startsWith('node:') && isBuiltin(specifier)))
      problems.push(`${name} asks for ${specifier}, which is no builtin of Node`);
  }
  if (/\bimport\(["'`]/.test(text)) problems.push(`${name} imports a module by name`);
}

for (const name of ['commands.js', 'files.js', 'exec.js', 'doctor.js', 'unit.js']) {
  const text = readFileSync(new URL(name, TEXTS), 'utf8');
  for (const [, specifier = ''] of text.matchAll(/\b(?:from|import)\s*"([^"]+)"/g))
    if (!isBuiltin(specifier)) problems.push(`${name} asks for ${specifier}, which is no builtin of Node`);
}

for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);
