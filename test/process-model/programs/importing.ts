// A program that is still loading: its first module never comes to an end.
import { spawn } from 'node:child_process';

spawn('sleep', ['7777'], { stdio: 'ignore' });
console.log('begins to load');
for (;;);

export function main(): void {}
