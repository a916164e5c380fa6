export { runRunner } from './run.ts';
