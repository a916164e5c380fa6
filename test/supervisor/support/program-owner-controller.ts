// An owner of two programs, one of which ignores signals. Argument: a folder.
import { program, runUntilSignal, supervise, tree } from '../../../src/supervisor.ts';

const folder = process.argv[2] ?? '';
const polite = `trap 'echo terminated > ${folder}/told; exit 0' TERM; echo up; while :; do sleep 0.05; done`;
const stubborn = 'trap "" TERM; echo up; while :; do sleep 0.05; done';
const log = `${folder}/log`;
const units = [polite, stubborn].map((script, n) => program(['sh', '-c', script], { name: `p${n}`, ready: /up/, log: `${log}${n}` }));
const supervisor = await supervise(tree({ units }));
console.log(JSON.stringify(supervisor.snapshot().map(({ pid }) => pid)));
await runUntilSignal(supervisor);
