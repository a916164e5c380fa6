// Writes docs/errors.md from the error table: `node tools/write-errors-doc.ts`. A test fails while the two differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { ERROR_CODES, RETIRED_CODES } from '../src/base/errors/error-codes.ts';

const EXITS = { 1: 'the program failed', 2: 'usage', 3: 'resumable', 4: 'environment, store or connection' } as const;

export function errorsDocument(): string {
  const headings = Object.entries(ERROR_CODES).map(
    ([code, kind]) => `## ${code}\n\n${kind.means}.\n\n**What to do:** ${kind.cure}.\n\nExit code: ${kind.exit} (${EXITS[kind.exit]}).\n`,
  );
  return `# Errors

Every error of Resprout has a code. The same texts are shown by \`resprout help CODE\`, without network.
Programs tell errors apart by \`error.code\`, never by \`instanceof\`: errors cross processes.
This page is written from the table in \`src/base/errors/error-codes.ts\`; a test keeps the two equal.

${headings.join('\n')}
## Retired codes

${RETIRED_CODES.length === 0 ? 'None yet. A retired code is never used again.' : RETIRED_CODES.map((code) => `- ${code}`).join('\n')}
`;
}

if (import.meta.main) {
  const file = new URL('../docs/errors.md', import.meta.url);
  writeFileSync(file, errorsDocument());
  console.log(`docs/errors.md: ${readFileSync(file, 'utf8').split('\n').length} lines`);
}
