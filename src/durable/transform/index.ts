export { durableExtension } from './extension.ts';
