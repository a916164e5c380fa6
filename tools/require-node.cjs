// Preloaded by `npm run check`, on whatever Node that finds: the checks run on the pinned one only. Plain enough for Node 12.
'use strict';
const required = require('fs')
  .readFileSync(require('path').join(__dirname, '..', '.node-version'), 'utf8')
  .trim();
if (process.versions.node !== required) {
  process.stderr.write('the checks need Node ' + required + ', this is ' + process.versions.node + '; run: ./prime test\n');
  process.exit(1);
}
