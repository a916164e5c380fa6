// The targets and groups of a project's settings: names for hosts, and what is to be known of each.
// Invariants:
//   N1. A name is one thing: a target or a group, never both.
//   N2. A target has the variables of every group that it is in, by whatever name it is asked for.
import { MOST_IN_RANGES, withRanges } from './number-range.ts';
import { settingsInvalid } from './settings-file.ts';

/** A value of JSON. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** What a project says of a target, beside how it is reached. */
export type TargetVars = Readonly<Record<string, JsonValue>>;

/** One host, or whatever else a target text names. */
export interface Target {
  /** Its name in the settings; the target text itself when it has none. */
  readonly name: string;
  /** The target text, such as `ssh://deploy@web-1`. */
  readonly target: string;
  /** Its variables: its own, over those of its groups. */
  readonly vars: TargetVars;
}

interface Group {
  /** As written, ranges expanded: target texts, names of targets, `@` and a name. */
  readonly members: readonly string[];
  readonly vars: TargetVars;
}

const NAME = /^[A-Za-z0-9_][\w.-]{0,99}$/;
const NAME_FORM = 'A name is letters, digits, _, . and -';
const TARGETS_FORM =
  'Write { "targets": { "web-1": "ssh://deploy@10.0.0.5", "web-2": { "target": "ssh://web-2", "vars": { "port": 8081 } } } }';
const GROUPS_FORM =
  'Write { "groups": { "web": ["web-1", "ssh://web-{2..9}", "@other"], "db": { "targets": ["db-1"], "vars": { "port": 5432 } } } }';
const VARS_FORM = 'Write an object: { "vars": { "port": 8080 } }';

/** What `targets` and `groups` of a settings file say. */
export class Inventory {
  readonly #file: string;
  readonly #targets = new Map<string, { readonly target: string; readonly vars: TargetVars }>();
  readonly #groups = new Map<string, Group>();
  /** Group to the keys of its targets, in order, each once. */
  readonly #keys = new Map<string, readonly string[]>();
  /** Target to the groups that it is in, those that hold others before these. */
  readonly #groupsOf = new Map<string, string[]>();

  /** @param file for messages @throws ResproutError CONFIG_INVALID */
  constructor(targets: unknown, groups: unknown, file: string) {
    this.#file = file;
    for (const [name, value] of entriesOf(targets, 'targets', TARGETS_FORM, file)) this.#addTarget(name, value);
    for (const [name, value] of entriesOf(groups, 'groups', GROUPS_FORM, file)) this.#addGroup(name, value);
    for (const name of this.#groups.keys()) this.#keysOf(name, []);
    for (const name of this.#outerFirst())
      for (const key of this.#keys.get(name) ?? []) this.#groupsOf.set(key, [...(this.#groupsOf.get(key) ?? []), name]);
    for (const key of this.#groupsOf.keys()) this.#varsOf(key);
  }

  /** All names, targets before groups. */
  names(): readonly string[] {
    return [...this.#targets.keys(), ...this.#groups.keys()];
  }

  /** The targets of a name; undefined when there is none of it. */
  find(name: string): readonly Target[] | undefined {
    if (this.#targets.has(name)) return [this.#target(name)];
    return this.#keys.get(name)?.map((key) => this.#target(key));
  }

  /** A target text with the variables that groups which list it give. */
  named(text: string): Target {
    return this.#groupsOf.has(text) ? this.#target(text) : { name: text, target: text, vars: {} };
  }

  /** @param key name of a target, or a target text of a group */
  #target(key: string): Target {
    return { name: key, target: this.#targets.get(key)?.target ?? key, vars: this.#varsOf(key) };
  }

  #addTarget(name: string, value: unknown): void {
    const { target, vars, ...rest } = typeof value === 'string' ? { target: value } : this.#object(value, `targets.${name}`, TARGETS_FORM);
    this.#checkName(name, 'targets', rest, TARGETS_FORM);
    if (typeof target !== 'string' || !isTargetText(target))
      throw this.#invalid(`targets.${name} is ${JSON.stringify(target)}`, TARGETS_FORM);
    this.#targets.set(name, { target, vars: this.#vars(vars, `targets.${name}`) });
  }

  #addGroup(name: string, value: unknown): void {
    const { targets, vars, ...rest } = Array.isArray(value) ? { targets: value } : this.#object(value, `groups.${name}`, GROUPS_FORM);
    this.#checkName(name, 'groups', rest, GROUPS_FORM);
    if (this.#targets.has(name)) throw this.#invalid(`"${name}" is a target and a group`, 'Give one of them another name');
    if (!Array.isArray(targets)) throw this.#invalid(`groups.${name} has no list of targets`, GROUPS_FORM);
    const members = targets.flatMap((member: unknown) => this.#members(member, name));
    this.#groups.set(name, { members, vars: this.#vars(vars, `groups.${name}`) });
  }

  #members(member: unknown, group: string): readonly string[] {
    if (typeof member !== 'string' || member === '') throw this.#invalid(`groups.${group} has ${JSON.stringify(member)}`, GROUPS_FORM);
    const expanded = withRanges(member);
    if (expanded !== undefined) return expanded;
    const cure = `Write {1..9}, with the smaller number first and no more than ${MOST_IN_RANGES} targets`;
    throw this.#invalid(`a range of groups.${group} cannot be used: ${JSON.stringify(member)}`, cure);
  }

  /** The targets of a group. @param within the groups that it is looked at for */
  #keysOf(name: string, within: readonly string[]): readonly string[] {
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    if (within.includes(name)) throw this.#invalid(`groups hold each other: ${[...within, name].join(', ')}`, 'Take one of them out');
    const members = this.#groups.get(name)?.members ?? [];
    const keys = [...new Set(members.flatMap((member) => this.#keysOfMember(member, name, [...within, name])))];
    this.#keys.set(name, keys);
    return keys;
  }

  #keysOfMember(member: string, group: string, within: readonly string[]): readonly string[] {
    if (isTargetText(member)) return [member];
    const name = member.startsWith('@') ? member.slice(1) : member;
    if (this.#targets.has(name)) return [name];
    if (member.startsWith('@') && this.#groups.has(name)) return this.#keysOf(name, within);
    const cure = this.#groups.has(name)
      ? `Write "@${name}": it is a group`
      : `Names are: ${this.names().join(', ')}. A target text has a method: ssh://${name}`;
    throw this.#invalid(`groups.${group} names ${JSON.stringify(member)}, which is not there`, cure);
  }

  /** Groups that hold others before these, else as they are written. */
  #outerFirst(): readonly string[] {
    const order: string[] = [];
    const visit = (name: string): void => {
      if (order.includes(name)) return;
      for (const inner of this.#innerOf(name)) visit(inner);
      order.unshift(name);
    };
    for (const name of [...this.#groups.keys()].toReversed()) visit(name);
    return order;
  }

  #innerOf(name: string): readonly string[] {
    const members = this.#groups.get(name)?.members ?? [];
    return members.filter((member) => member.startsWith('@') && this.#groups.has(member.slice(1))).map((member) => member.slice(1));
  }

  #holds(outer: string, inner: string): boolean {
    return this.#innerOf(outer).some((name) => name === inner || this.#holds(name, inner));
  }

  /** An inner group lays its values over those of the groups that hold it; two that do not hold each other must agree. */
  #varsOf(key: string): TargetVars {
    const own = this.#targets.get(key)?.vars ?? {};
    const vars: Record<string, JsonValue> = {};
    const from = new Map<string, string>();
    for (const group of this.#groupsOf.get(key) ?? []) {
      for (const [name, value] of Object.entries(this.#groups.get(group)?.vars ?? {})) {
        const other = from.get(name);
        if (
          other !== undefined &&
          !Object.hasOwn(own, name) &&
          !this.#holds(other, group) &&
          JSON.stringify(vars[name]) !== JSON.stringify(value)
        ) {
          const saw = `"${name}" of ${key} is ${JSON.stringify(vars[name])} by group ${other} and ${JSON.stringify(value)} by group ${group}`;
          throw this.#invalid(saw, 'Say it at the target, or in one of the groups only');
        }
        set(vars, name, value);
        from.set(name, group);
      }
    }
    for (const [name, value] of Object.entries(own)) set(vars, name, value);
    return vars;
  }

  #vars(value: unknown, where: string): TargetVars {
    if (value === undefined) return {};
    // It was read as JSON: what is inside is JSON too.
    return this.#object(value, `${where}.vars`, VARS_FORM) as TargetVars;
  }

  #checkName(name: string, where: string, rest: object, form: string): void {
    if (!NAME.test(name)) throw this.#invalid(`${where} has the name ${JSON.stringify(name)}`, NAME_FORM);
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined) throw this.#invalid(`there is no setting "${where}.${name}.${unknown}"`, form);
  }

  #object(value: unknown, where: string, form: string): Readonly<Record<string, unknown>> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.#invalid(`${where} is not an object`, form);
    return Object.fromEntries(Object.entries(value));
  }

  #invalid(saw: string, cure: string): Error {
    return settingsInvalid(this.#file, saw, cure);
  }
}

/** A name such as `__proto__` is a name like any other. */
function set(vars: Record<string, JsonValue>, name: string, value: JsonValue): void {
  Object.defineProperty(vars, name, { value, enumerable: true, writable: true, configurable: true });
}

function entriesOf(value: unknown, where: string, form: string, file: string): readonly [string, unknown][] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw settingsInvalid(file, `${where} is not an object`, form);
  return Object.entries(value);
}

/** Whether it says how something is reached; what exactly is looked at when it is opened. */
function isTargetText(text: string): boolean {
  return /^[a-z][a-z0-9-]*:/.test(text);
}
