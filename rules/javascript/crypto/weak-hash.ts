import { createHash, createHash as digestOf } from 'node:crypto';
import nodeCrypto from 'node:crypto';

export function checksum(data: Buffer): string {
  // ruleid: javascript.crypto.weak-hash
  return createHash('sha1').update(data).digest('hex');
}

export function checksum2(data: Buffer): string {
  // ruleid: javascript.crypto.weak-hash
  return nodeCrypto.createHash('md4').update(data).digest('hex');
}

export class Store {
  cacheKey(parts: string[]): string {
    // ok: javascript.crypto.weak-hash
    const cacheKey = createHash('md5').update(parts.join('|')).digest('hex');
    return cacheKey;
  }
  sum(data: Buffer): string {
    // ok: javascript.crypto.weak-hash
    return digestOf('sha512').update(data).digest('hex');
  }
}
