// Hashes that say whether a state still fits what it was made from.
import path from 'node:path';
import { lstat, namesIn, readText, writeAtomic } from '../files.ts';
import { hashOf } from '../cache/integrity.ts';
import { localPackages } from '../packages/local-packages.ts';
import { LOCKFILES, managerOf } from '../packages/manager.ts';
import { importersOf } from '../packages/pnpm-lock.ts';
import { platformKey, requiredNode, type BuildPlan } from '../config/config.ts';
import type { PrimeContext } from '../context.ts';
import { systemCode } from '../problem.ts';

/** Raised when what a state does changes, so that older stamps no longer count. */
const FORMAT = '1';

/** What decides which packages are installed: texts that are at hand, and files. */
interface Inputs {
  readonly texts: readonly string[];
  /** Absolute paths; one that is missing counts as such. */
  readonly files: readonly string[];
}

function inputsOf(context: PrimeContext, place: string): Inputs {
  const { root, kernelFolder, texts } = context.config;
  const folder = path.join(root, place);
  const manager = managerOf(folder);
  const lockfile = readText(path.join(folder, LOCKFILES[manager])) ?? '';
  // Whatever else decides what is installed.
  const more =
    manager === 'npm'
      ? localPackages(lockfile).folders.map((one) => `${one}/package.json`)
      : ['pnpm-workspace.yaml', '.pnpmfile.cjs', ...importersOf(lockfile).map((one) => `${one}/package.json`)];
  const settings = [folder, root, kernelFolder].map((one) => path.join(one, '.npmrc'));
  // Folders beside the root have nothing to do with its settings, and are large: what does not change what is installed there is left out.
  const isRoot = place === '';
  const settled = isRoot ? texts : [JSON.stringify(context.config.npm ?? null)];
  return {
    texts: [FORMAT, ...settled, requiredNode(context.config).text, platformKey(), place],
    files: [
      ...(isRoot ? [context.kernel] : []),
      ...['package.json', LOCKFILES.npm, LOCKFILES.pnpm, ...more].map((one) => path.join(folder, one)),
      ...new Set(settings),
    ],
  };
}

const keyOf = ({ texts, files }: Inputs): string => hashOf(...texts, ...files.map((file) => readText(file) ?? ''));

/** Keys that this process knows. */
const known = new WeakMap<PrimeContext, Map<string, string>>();

/**
 * Configuration, Node version, platform, kernel, manifest and lockfile: what the installed packages of a place depend on, as one hash. Files
 * that are as they were when it was last computed are not read again.
 */
export function packagesKey(context: PrimeContext, place = ''): string {
  const ofContext = known.get(context) ?? new Map<string, string>();
  known.set(context, ofContext);
  const key = ofContext.get(place) ?? rememberedKey(context, place) ?? keyOf(inputsOf(context, place));
  ofContext.set(place, key);
  return key;
}

/** Forgets what this process knows, before files are read that may have changed since. */
export function forgetKeys(context: PrimeContext): void {
  known.delete(context);
}

/** The time of a change counts too: nothing but the system sets it. */
function factsOf(file: string): string {
  const facts = lstat(file);
  return facts === undefined ? '-' : `${facts.size} ${facts.mtimeMs} ${facts.ctimeMs} ${facts.ino}`;
}

const factsFile = (context: PrimeContext): string => path.join(context.stateFolder, 'facts');

/** A file that changed so shortly before may change again without another time. */
const SETTLED_MS = 2000;

/** Notes the key of the root with what its files are like, so that the next start need not read them. Nothing happens where that cannot be noted. */
export function rememberKey(context: PrimeContext): void {
  if (rememberedKey(context, '') !== undefined) return;
  const inputs = inputsOf(context, '');
  const before = inputs.files.map(factsOf);
  const key = keyOf(inputs);
  const isSettled = inputs.files.every((file) => (lstat(file)?.ctimeMs ?? 0) < Date.now() - SETTLED_MS);
  // An edit while they were read would be taken for what was read.
  if (!isSettled || inputs.files.some((file, i) => factsOf(file) !== before[i])) return;
  try {
    writeAtomic(factsFile(context), `${JSON.stringify({ key, texts: inputs.texts, files: inputs.files, facts: before })}\n`);
  } catch (error) {
    if (!['EROFS', 'EACCES', 'EPERM', 'ENOENT', 'ENOSPC', 'EDQUOT'].includes(systemCode(error) ?? '')) throw error;
  }
}

/** The key that was noted; undefined when anything is not as it was then. */
function rememberedKey(context: PrimeContext, place: string): string | undefined {
  if (place !== '') return undefined;
  const noted = parseFacts(readText(factsFile(context)));
  if (noted === undefined) return undefined;
  const texts = [FORMAT, ...context.config.texts, requiredNode(context.config).text, platformKey(), place];
  if (JSON.stringify(noted.texts) !== JSON.stringify(texts) || noted.files[0] !== context.kernel) return undefined;
  return noted.files.every((file, i) => factsOf(file) === noted.facts[i]) ? noted.key : undefined;
}

interface Noted extends Inputs {
  readonly key: string;
  readonly facts: readonly string[];
}

function parseFacts(text: string | undefined): Noted | undefined {
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as Partial<Noted> | null;
    const isWhole = typeof value?.key === 'string' && [value.texts, value.files, value.facts].every((one) => Array.isArray(one));
    return isWhole ? (value as Noted) : undefined;
  } catch {
    return undefined;
  }
}

/** One line per source: name, size, time. Cheap enough for every start; an edited, added or removed file changes them. */
export function sourceLines(root: string, plan: BuildPlan): string[] {
  const lines: string[] = [];
  const add = (relative: string): void => {
    if (plan.ignored.some((ending) => relative.endsWith(ending))) return;
    const file = path.join(root, relative);
    const facts = lstat(file);
    if (facts === undefined) lines.push(JSON.stringify([relative]));
    else if (facts.isDirectory()) for (const name of namesIn(file)) add(`${relative}/${name}`);
    else lines.push(JSON.stringify([relative, facts.size, facts.mtimeMs]));
  };
  for (const source of plan.sources) add(source);
  return lines;
}

/** Name and size of a file, or of each file that lies in a folder; not of those in folders below it. */
export function sizeLines(root: string, place: string): string[] {
  const facts = lstat(path.join(root, place));
  if (facts === undefined) return [];
  const names = facts.isDirectory() ? namesIn(path.join(root, place)).map((name) => `${place}/${name}`) : [place];
  return names.reduce<string[]>((lines, name) => {
    const inside = lstat(path.join(root, name));
    return inside === undefined || inside.isDirectory() ? lines : [...lines, `${name} ${inside.size}`];
  }, []);
}

/** Whether a source changed without getting a newer time, as copies and archives do: build tools that compare times do not see it. */
export function changedBackwards(before: readonly string[], now: readonly string[], builtMs: number): boolean {
  const known = new Set(before);
  return now.some((line) => {
    if (known.has(line)) return false;
    const [, , modifiedMs]: readonly unknown[] = JSON.parse(line) as unknown[];
    return typeof modifiedMs === 'number' && modifiedMs <= builtMs;
  });
}
