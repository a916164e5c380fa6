import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanEnv } from './clean-env.ts';

test('cleanEnv drops what injects and keeps where packages come from', () => {
  const kept = {
    HOME: '/h',
    PATH: '/bin',
    npm_config_registry: 'r',
    NPM_CONFIG_HTTPS_PROXY: 'p',
    'npm_config_//r/:_authToken': 't',
    NODE_EXTRA_CA_CERTS: 'c',
  };
  const dropped = {
    NODE_OPTIONS: 'x',
    NODE_PATH: 'x',
    NODE_COMPILE_CACHE: 'x',
    LD_PRELOAD: 'x',
    DYLD_INSERT_LIBRARIES: 'x',
    BASH_ENV: 'x',
    npm_config_prefix: 'x',
  };
  const more = {
    npm_lifecycle_event: 'x',
    NPM_CONFIG_script_shell: 'x',
    npm_config_ignore_scripts: 'false',
    INIT_CWD: 'x',
    PRIME_OFFLINE: '1',
  };
  assert.deepEqual(cleanEnv({ ...kept, ...dropped, ...more }), kept);
});
