// Loads a graph of real packages and uses something of each. What `npm ci` in this folder has installed.
import { S3Client } from '@aws-sdk/client-s3';
import fastify from 'fastify';
import { Agent } from 'undici';
import { z } from 'zod';

/** Names of what was loaded; makes one object of each package. */
export function usePackages() {
  const { host } = z.object({ host: z.string() }).parse({ host: '127.0.0.1' });
  return [new S3Client({ region: 'eu-central-1' }), fastify(), new Agent()].map((made) => made.constructor.name).concat(host);
}
