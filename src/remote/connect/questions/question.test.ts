import { test } from 'node:test';
import assert from 'node:assert/strict';
import { classifyQuestion, isAboutPinned, secretKey } from './question.ts';

const ask = (text: string, hint = '') => classifyQuestion({ text, hint }, 'deploy@web');
const brief = (text: string, hint = ''): unknown[] => {
  const question = ask(text, hint);
  return question === undefined ? [] : [question.kind, question.who, question.isSecret, question.fingerprint];
};
const KEY = 'SHA256:ab//cdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO';

test('classifyQuestion knows the texts of the client', () => {
  const unknown = `The authenticity of host '[127.0.0.1]:22 ([127.0.0.1]:22)' can't be established.\nED25519 key fingerprint is ${KEY}.\nAre you sure you want to continue connecting (yes/no/[fingerprint])? `;
  assert.deepEqual(brief(unknown), ['host-key', 'deploy@web', false, KEY]);
  assert.deepEqual(brief("Please type 'yes', 'no' or the fingerprint: "), ['host-key', 'deploy@web', false, undefined]);
  assert.deepEqual(brief("a@b.org@jump's password: "), ['password', 'a@b.org@jump', true, undefined]);
  assert.deepEqual(brief("Enter passphrase for key '/home/u/.ssh/id': "), ['passphrase', 'deploy@web', true, undefined]);
  assert.deepEqual(brief('Add key /k (c) to agent?', 'confirm'), ['confirm', 'deploy@web', false, undefined]);
  assert.deepEqual(brief('Confirm user presence for key', 'none'), []);
});

test('classifyQuestion takes a text of the host for a password only by its words, in many languages', () => {
  for (const text of ['Password: ', 'Mot de passe : ', '密码：', 'Passwort:', 'Contraseña: ', 'Пароль: ']) {
    assert.deepEqual(brief(`(deploy@web) ${text}`), ['password', 'deploy@web', true, undefined], text);
  }
  assert.deepEqual(brief('(deploy@jump) One-time code: '), ['code', 'deploy@jump', true, undefined]);
  assert.deepEqual(brief('One-time code: '), ['code', 'deploy@web', true, undefined]);
});

test('classifyQuestion is not led to a host key or passphrase by a text that the host made, from OpenSSH 8.5 on', () => {
  for (const text of [
    "Enter passphrase for key '/home/u/.ssh/id': ",
    "The authenticity of host 'x (y)' can't be established.\n",
    "x@y's password: ",
  ]) {
    assert.ok(['code', 'password'].includes(ask(`(deploy@web) ${text}`)?.kind ?? ''), text);
  }
});

test('secretKey is one for a password, however it is asked, and another for each code and each jump host', () => {
  const key = (text: string): string => secretKey(ask(text) ?? assert.fail());
  assert.equal(key("deploy@web's password: "), key('(deploy@web) Password: '));
  assert.notEqual(key("deploy@web's password: "), key("deploy@jump's password: "));
  assert.notEqual(key('(deploy@web) PIN: '), key('(deploy@web) One-time code: '));
});

test('isAboutPinned tells the target from a jump host', () => {
  const about = (host: string): boolean =>
    isAboutPinned(
      ask(`The authenticity of host '${host} (<no hostip for proxy command>)' can't be established.\nX key fingerprint is ${KEY}.\n`) ??
        assert.fail(),
    );
  assert.equal(about('pinned.resprout'), true);
  assert.equal(about('jump'), false);
});
