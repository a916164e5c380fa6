import { mkdirSync, writeFileSync } from 'node:fs';

mkdirSync('out', { recursive: true });
writeFileSync('out/docs.md', `# Made by Node ${process.versions.node}\n`);
