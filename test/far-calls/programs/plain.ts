// `node plain.ts FILE`: runs all cases in a plain program and prints what they return.
import { all } from './cases.ts';

if (import.meta.main) console.log(JSON.stringify(await all({ data: { file: process.argv[2] ?? '' } })));
