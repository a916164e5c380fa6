import { createHash, generateKeyPairSync, pbkdf2, sign, verify, webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip, brotliCompressSync } from 'node:zlib';

export default async function main() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const signed = sign(null, Buffer.from('text'), privateKey);
  const packed = await promisify(gzip)('a'.repeat(1000));
  const derived = await promisify(pbkdf2)('word', 'salt', 1000, 16, 'sha256');
  const digest = await webcrypto.subtle.digest('SHA-256', Buffer.from('text'));
  return {
    isGood: verify(null, Buffer.from('text'), publicKey, signed),
    length: (await promisify(gunzip)(packed)).length,
    small: brotliCompressSync('b'.repeat(1000)).length < 100,
    derived: derived.toString('hex'),
    same: Buffer.from(digest).equals(createHash('sha256').update('text').digest()),
  };
}
