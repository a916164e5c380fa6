// Cryptography: what is a function of its input runs again, what OpenSSL draws is recorded, and keys come back as keys.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { everyWay } from './support/ways.ts';

/** Programs whose result plain Node gives too; a timer stands where a kill must not change what was drawn. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'derivations with a callback, and promisified': `
    import * as crypto from 'node:crypto';
    import { promisify } from 'node:util';
    export default async () => {
      const a = await promisify(crypto.pbkdf2)('secret', 'salt', 10, 16, 'sha256');
      const b = await promisify(crypto.scrypt)('secret', 'salt', 16, { N: 16 });
      const c = await new Promise((resolve, reject) => crypto.hkdf('sha256', 'key', 'salt', 'info', 16, (error, key) => error ? reject(error) : resolve(Buffer.from(key))));
      const d = await promisify(crypto.checkPrime)(7n);
      let wrong; try { crypto.pbkdf2('a', 'b', -1, 1, 'sha256', () => {}); } catch (error) { wrong = error.code; }
      return [a.toString('hex'), b.toString('hex'), c.toString('hex'), d, wrong];
    };`,
  'a key pair signs before a pause and is checked behind it': `
    import { generateKeyPairSync, sign, verify, createSign, createVerify, KeyObject } from 'node:crypto';
    import { setTimeout as delay } from 'node:timers/promises';
    export default async () => {
      const seen = [];
      for (const [type, options, hash] of [['ed25519', undefined, null], ['ec', { namedCurve: 'P-256' }, 'sha256'], ['rsa', { modulusLength: 512 }, 'sha256']]) {
        const { privateKey, publicKey } = generateKeyPairSync(type, options);
        const signature = sign(hash, Buffer.from('data'), privateKey);
        await delay(1);
        seen.push(verify(hash, Buffer.from('data'), publicKey, signature), privateKey instanceof KeyObject, privateKey.asymmetricKeyType, publicKey.type, publicKey.equals(publicKey));
        if (hash) seen.push(createVerify(hash).update('x').verify(publicKey, createSign(hash).update('x').sign(privateKey, 'base64'), 'base64'));
      }
      return seen;
    };`,
  'keys with a callback and promisified, as texts and as objects': `
    import { generateKeyPair, generateKey, generatePrime, generatePrimeSync, generateKeySync, checkPrimeSync, createHmac, sign, verify } from 'node:crypto';
    import { promisify } from 'node:util';
    export default async () => {
      const { privateKey, publicKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256', publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
      const objects = await promisify(generateKeyPair)('ed25519');
      const secret = await promisify(generateKey)('hmac', { length: 64 });
      const prime = await promisify(generatePrime)(32, { bigint: true });
      const signed = await promisify(sign)(null, Buffer.from('a'), objects.privateKey);
      return [publicKey.slice(0, 26), privateKey.length > 100, objects.publicKey.asymmetricKeyType, secret.symmetricKeySize, createHmac('sha256', secret).update('a').digest().length,
        checkPrimeSync(prime), checkPrimeSync(generatePrimeSync(32)), generateKeySync('aes', { length: 128 }).export().length,
        await promisify(verify)(null, Buffer.from('a'), objects.publicKey, signed)];
    };`,
  'agreements: ECDH and Diffie-Hellman': `
    import { createECDH, createDiffieHellman, getDiffieHellman } from 'node:crypto';
    import { setTimeout as delay } from 'node:timers/promises';
    export default async () => {
      const seen = [];
      const [a, b] = [createECDH('secp256k1'), createECDH('secp256k1')];
      const key = a.generateKeys('hex', 'compressed'); b.generateKeys();
      await delay(1);
      seen.push(key.length, a.computeSecret(b.getPublicKey()).equals(b.computeSecret(a.getPublicKey())));
      const c = createDiffieHellman(64); const d = createDiffieHellman(c.getPrime(), c.getGenerator());
      c.generateKeys(); d.generateKeys();
      await delay(1);
      seen.push(c.computeSecret(d.getPublicKey()).equals(d.computeSecret(c.getPublicKey())));
      const e = getDiffieHellman('modp14'); const f = getDiffieHellman('modp14');
      e.generateKeys(); f.generateKeys();
      await delay(1);
      seen.push(e.computeSecret(f.getPublicKey()).equals(f.computeSecret(e.getPublicKey())));
      return seen;
    };`,
  'what was encrypted before a pause is read behind it': `
    import { generateKeyPairSync, publicEncrypt, privateDecrypt, createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
    import { setTimeout as delay } from 'node:timers/promises';
    export default async () => {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
      const sealed = publicEncrypt(publicKey, Buffer.from('seal'));
      const key = randomBytes(32); const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv); const first = cipher.update('one ', 'utf8');
      await delay(1);
      const rest = Buffer.concat([first, cipher.update('two'), cipher.final()]);
      const open = createDecipheriv('aes-256-gcm', key, iv); open.setAuthTag(cipher.getAuthTag());
      return [privateDecrypt(privateKey, sealed).toString(), open.update(rest).toString() + open.final().toString()];
    };`,
  'Web Crypto: keys that may not be exported outlive a pause': `
    import { setTimeout as delay } from 'node:timers/promises';
    export default async () => {
      const { subtle } = crypto; const seen = [];
      const key = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const sealed = await subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode('seal'));
      await delay(1);
      seen.push(new TextDecoder().decode(await subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed)), key.algorithm.name, key.algorithm.length, key.extractable, key.usages, key.type, key instanceof CryptoKey);
      const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
      const signature = await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, new Uint8Array(3));
      await delay(1);
      seen.push(await subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, pair.publicKey, signature, new Uint8Array(3)), pair.privateKey.extractable);
      const rsa = await subtle.generateKey({ name: 'RSA-OAEP', modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }, true, ['encrypt', 'decrypt']);
      const box = await subtle.encrypt('RSA-OAEP', rsa.publicKey, new Uint8Array([7]));
      await delay(1);
      seen.push(new Uint8Array(await subtle.decrypt('RSA-OAEP', rsa.privateKey, box))[0], rsa.publicKey.algorithm.hash.name);
      return seen;
    };`,
  'Web Crypto: functions of their input, and errors': `
    export default async () => {
      const { subtle } = crypto; const text = new TextEncoder().encode('text');
      const hex = (bytes) => Buffer.from(bytes).toString('hex');
      const mac = await subtle.importKey('raw', text, { name: 'HMAC', hash: 'SHA-256' }, true, ['sign', 'verify']);
      const password = await subtle.importKey('raw', text, 'PBKDF2', false, ['deriveBits', 'deriveKey']);
      const bits = await subtle.deriveBits({ name: 'PBKDF2', salt: text, iterations: 5, hash: 'SHA-256' }, password, 128);
      const wrong = await subtle.importKey('raw', text, 'AES-GCM', true, ['encrypt']).catch((error) => [error.name, error instanceof DOMException]);
      return [hex(await subtle.digest('SHA-256', text)), hex(await subtle.sign('HMAC', mac, text)), hex(bits), (await subtle.exportKey('jwk', mac)).k, wrong];
    };`,
};

for (const [name, text] of Object.entries(PROGRAMS)) test(name, async () => void (await everyWay(text)));

test('what is a function of its input leaves no data in the journal', async () => {
  const { events } = await everyWay(PROGRAMS['Web Crypto: functions of their input, and errors'] ?? '');
  assert.deepEqual([...new Set(events.map(({ t }) => t))], ['start', 'hop', 'end']);
});

test('keys and certificates are results of a program and of its calls', async () => {
  const { came } = await everyWay(
    `
    import { createSecretKey, generateKeyPairSync, KeyObject } from 'node:crypto';
    import { activity } from 'resprout/durable';
    const make = activity(async () => ({ secret: createSecretKey(Buffer.from('abc')), pair: generateKeyPairSync('ed25519'),
      web: await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']) }), { name: 'make' });
    export default async () => {
      const { secret, pair, web } = await make();
      return [secret instanceof KeyObject, secret.export().toString(), pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).length, web.algorithm.name, web.extractable, web.usages];
    };`,
    { plain: false },
  );
  assert.deepEqual(came, { value: [true, 'abc', 119, 'HMAC', false, ['sign']] });
});

test('a race of a digest against a slow call has the same winner in a replay', async () => {
  await everyWay(
    `
    import { activity } from 'resprout/durable';
    const slow = activity(() => new Promise((resolve) => setTimeout(resolve, 20, 'call')), { name: 'slow' });
    export default () => Promise.race([slow(), crypto.subtle.digest('SHA-1', new Uint8Array(10)).then(() => 'digest')]);`,
    { plain: false, varies: true },
  );
});
