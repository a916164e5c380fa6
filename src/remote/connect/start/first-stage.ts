/**
 * The program that Node gets with `-e`: reads exactly `bootBytes` bytes from descriptor 3, decompresses and evals them. What follows
 * those bytes stays in the pipe for the core. Runs on Node 12 and later; `fs` and `zlib` are globals there. The descriptor may be
 * non-blocking: EAGAIN waits 9 ms. An early end exits 1. Holds none of `' \ ! $`, backtick and line end.
 */
export function firstStage(bootBytes: number): string {
  return (
    `a=Buffer.alloc(n=${bootBytes});` +
    'for(i=0;i<n;)try{i+=fs.readSync(3,a,i,n-i)||process.exit(1)}' +
    'catch(e){if(e.code=="EAGAIN")Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0,9);else throw e}' +
    'eval(""+zlib.brotliDecompressSync(a))'
  );
}
