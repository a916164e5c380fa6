// What tests of large messages call.

export function lengthOf(bytes: Uint8Array): number {
  return bytes.length;
}

export function ownPid(): number {
  return process.pid;
}
