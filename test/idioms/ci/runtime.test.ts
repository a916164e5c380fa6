import { testTheme } from './test-theme.ts';

testTheme('runtime');
