import { testTheme } from './test-theme.ts';

testTheme('tests-and-tasks');
