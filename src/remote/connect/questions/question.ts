import type { Question, QuestionKind } from './ask.ts';

/** What a helper process was started with. */
export interface AskedText {
  /** The text as the tool gave it. */
  readonly text: string;
  /** `SSH_ASKPASS_PROMPT`: `confirm`, `none` or nothing. */
  readonly hint: string;
}

/** Words for a password in the languages that PAM speaks; a text with one of them is the same kind of question as ssh's own. */
const PASSWORD_WORDS = new RegExp(
  [
    'pass ?word|pass ?code|passwor[dt]|passwd|mot de passe|contrase|senha|palavra-passe|wachtwoord|l[öo]senord|adgangskode|salasana',
    'has[łl]o|heslo|jelsz|parol|парол|passphrase|密码|密碼|パスワード|암호|비밀번호|κωδικ|ססמ|סיסמ|كلمة',
  ].join('|'),
  'iu',
);

/** The name under which ssh asks about a host whose key the recipe expects. A jump host is asked about under its own. */
export const PINNED_ALIAS = 'pinned.resprout';

/** Whether a question about a host key is about the target whose key the recipe expects. */
export function isAboutPinned(question: Question): boolean {
  return question.kind === 'host-key' && question.text.includes(`'${PINNED_ALIAS} (`);
}

/** The part before the text of a host, which ssh adds from 8.5 on: `(user@host) `. */
const ASKER = /^\(([^()\s]+@[^()]+)\) /;

function make(kind: QuestionKind, who: string, text: string, isSecret: boolean, fingerprint?: string): Question {
  return { kind, who, text, isSecret, ...(fingerprint === undefined ? {} : { fingerprint }) };
}

/**
 * Tells the question from the client's constant texts. Anything else is a text of the host, which may say what it likes.
 * Undefined for a notice (`touch your key`): it wants no answer.
 *
 * @param target what is connected, for texts that do not say who asks
 */
export function classifyQuestion(asked: AskedText, target: string): Question | undefined {
  const { text, hint } = asked;
  if (hint === 'none') return undefined;
  if (hint === 'confirm') return make('confirm', target, text, false);
  if (/^The authenticity of host '.*' can't be established\.\n/.test(text)) {
    const fingerprint = /fingerprint is ((?:SHA256:|MD5:)?[A-Za-z0-9+/=:]+)/.exec(text)?.[1];
    return make('host-key', target, text, false, fingerprint);
  }
  if (text.startsWith("Please type 'yes'")) return make('host-key', target, text, false);
  if (/^Enter passphrase for (key )?'?/.test(text)) return make('passphrase', target, text, true);
  const own = /^(\S+@\S+)'s password: $/.exec(text);
  if (own !== null) return make('password', own[1] ?? target, text, true);
  const who = ASKER.exec(text)?.[1] ?? target;
  return make(PASSWORD_WORDS.test(text.replace(ASKER, '')) ? 'password' : 'code', who, text, true);
}

/** Whether ssh asks again because it did not like the answer about a host key. */
export function isRepeat(question: Question): boolean {
  return question.text.startsWith("Please type 'yes'");
}

/** Questions with the same key ask for the same secret: it is given once. */
export function secretKey(question: Question): string {
  const { kind, who, text } = question;
  return kind === 'password' ? `${kind} ${who}` : `${kind} ${who} ${text}`;
}
