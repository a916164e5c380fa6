import { registerOwn } from '../../base/recorder.ts';
import * as markers from './index.ts';

// Hooks of sessions know these functions by value: they pass untouched and issue their own journal events.
registerOwn(markers);
