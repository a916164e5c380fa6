// What stands before the core on its way, and the program that takes both.

/** What a shell ends with that was given the core: it took stdin over before Node was started. */
export const TAKEN_OVER_CODE = 97;

/** Lines that a shell may eat, or run: each ends it before it meets the bytes of the core. */
const LINES = 4;

/** The end of what stands before the core. */
const HEAD_END = 0;

/** Sent before the core where shells of the far side stand between. Any shell that runs it ends at once, and one that reads a line of it does no harm. */
export const SHELL_PROOF_HEAD: Uint8Array = Buffer.concat([
  Buffer.from(`exit ${TAKEN_OVER_CODE}\n`.repeat(LINES)),
  Uint8Array.of(HEAD_END),
]);

/** Sent before the core where nobody stands between. */
export const PLAIN_HEAD: Uint8Array = Uint8Array.of(HEAD_END);

/**
 * The program that Node gets with `-e`: skips what comes up to a zero byte on descriptor 3, reads exactly `bootBytes` bytes behind it, decompresses and
 * evals them. What follows stays in the pipe for the core. Runs on Node 12 and later; `fs` and `zlib` are globals there. The descriptor may be
 * non-blocking: EAGAIN waits 9 ms. An early end exits 1. Holds none of `' \ ! $`, backtick and line end.
 */
export function firstStage(bootBytes: number): string {
  return (
    `a=Buffer.alloc(n=${bootBytes});` +
    'for(i=h=0;i<n;)try{k=fs.readSync(3,a,i,h?n-i:1)||process.exit(1);h?i+=k:h=a[0]<1}' +
    'catch(e){if(e.code=="EAGAIN")Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0,9);else throw e}' +
    'eval(""+zlib.brotliDecompressSync(a))'
  );
}
