const { readFileSync, writeFileSync } = require('node:fs');

process.on('exit', (code) => console.log('exit', code));
writeFileSync('left', 'over');
console.log(readFileSync('left', 'utf8'));
setTimeout(() => {
  readFileSync('nowhere');
}, 5);
