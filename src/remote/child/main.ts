// Entry of the child text. The build makes two parts of it, each a function expression: the first runs in both threads of a far process,
// the second, everything that only the main thread needs, comes behind it as a frame.
import { startThread } from './threads/start-thread.ts';

startThread();
