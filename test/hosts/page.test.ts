// docs/many-hosts.md: its files are written, its commands are run as they stand there, each with the exit code it names.
import { after } from 'node:test';
import { Shop } from '../cli/support/cli.ts';
import { testPage } from '../cli/support/document.ts';

const shop = new Shop();
after(() => shop[Symbol.dispose]());

testPage(shop, 'docs/many-hosts.md', { isOneScript: false });
