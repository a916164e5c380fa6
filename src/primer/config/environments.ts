// Environments by name: folders with settings that win over those of the repository, one of which is selected by a link.
// 1. To look changes nothing: the link is written by a start, when the right Node runs.
// 2. Who asks by name re-points the link. Where nobody asks, and link and configuration disagree, a boot ends; started programs follow the link.
import fs from 'node:fs';
import path from 'node:path';
import { lstat, makeFolder, namesIn } from '../files.ts';
import { near } from '../near.ts';
import { PrimeError } from '../problem.ts';
import type { Reader } from './reader.ts';

/** Setting `environments`. Paths are relative to the root. */
export interface Environments {
  /** The folder that has a folder for each. */
  readonly folder: string;
  /** Selected where nobody asked and no link is there. */
  readonly usual: string | undefined;
  /** The link to the selected one. */
  readonly link: string;
}

/** The selected environment. */
export interface Environment {
  /** Relative to the root. */
  readonly folder: string;
  readonly name: string;
  readonly from: 'asked' | 'link' | 'default';
}

/** What was found of it. */
export interface Selection {
  readonly selected: Environment | undefined;
  /** Why a boot ends; undefined when it does not. */
  readonly conflict: PrimeError | undefined;
}

/** Reads the setting. */
export function readEnvironments(reader: Reader, value: unknown): Environments | undefined {
  if (value === undefined) return undefined;
  const record = reader.object(value, ['environments'], ['folder'], ['default', 'link']);
  const text = (key: string): string | undefined =>
    record[key] === undefined ? undefined : reader.inside(record[key], ['environments', key]);
  return {
    folder: reader.inside(record['folder'], ['environments', 'folder']),
    usual: text('default'),
    link: text('link') ?? '.prime/env',
  };
}

const isFolder = (file: string): boolean => {
  try {
    return fs.statSync(file).isDirectory();
  } catch {
    return false;
  }
};

/** A path below the root, relative to it; undefined when it leads out. */
function below(root: string, file: string): string | undefined {
  const relative = path.relative(root, file);
  return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? undefined : relative;
}

const made = (folder: string, from: Environment['from']): Environment => ({ folder, name: path.basename(folder), from });

/** The one that was asked for: by name, or by path from the root, from here, or absolute. @throws PrimeError PRIME_USAGE */
function asked(root: string, { folder }: Environments, name: string): Environment {
  const refuse = (message: string, cure: string): never => {
    throw new PrimeError('PRIME_USAGE', message, { saw: `environments: ${names.join(', ') || 'none'}`, do: cure });
  };
  const names = namesIn(path.join(root, folder)).filter((one) => isFolder(path.join(root, folder, one)));
  const places = path.isAbsolute(name) ? [name] : [path.join(root, folder, name), path.join(root, name), path.resolve(name)];
  const found = places.find(isFolder);
  if (found === undefined) {
    const there = places.some((place) => lstat(place) !== undefined);
    return refuse(there ? `${name} is no folder` : `there is no environment ${name}`, near(name, names) ?? 'Use one of these names');
  }
  const relative = below(fs.realpathSync(root), fs.realpathSync(found));
  return relative === undefined ? refuse(`${name} lies outside of ${root}`, 'Name a folder below it') : made(relative, 'asked');
}

/** Where the link leads, relative to the root; undefined when there is none. */
function linked(root: string, { link }: Environments): { readonly folder?: string; readonly wrong?: string } | undefined {
  const file = path.join(root, link);
  const facts = lstat(file);
  if (facts === undefined) return undefined;
  if (!facts.isSymbolicLink()) return { wrong: `${link} is no link` };
  const target = fs.readlinkSync(file);
  const folder = below(root, path.resolve(path.dirname(file), target));
  if (folder === undefined) return { wrong: `${link} leads out of the folder, to ${target}` };
  return isFolder(path.join(root, folder)) ? { folder } : { wrong: `${link} leads to ${folder}, which is no folder` };
}

/** Finds out which one counts. @param name what was asked for; undefined when nobody did @throws PrimeError PRIME_USAGE */
export function selectEnvironment(root: string, environments: Environments | undefined, name: string | undefined): Selection {
  if (environments === undefined) {
    if (name === undefined) return { selected: undefined, conflict: undefined };
    throw new PrimeError('PRIME_USAGE', `environment ${name} is asked for, and this folder has none`, {
      do: 'Add environments to prime.config.json, or take --env and PRIME_ENV away',
    });
  }
  const { usual, link } = environments;
  const conflict = (message: string, cure: string): PrimeError =>
    new PrimeError('PRIME_ENVIRONMENT', message, { at: path.join(root, link), kept: 'Nothing was changed', do: cure });
  const there = linked(root, environments);
  if (name !== undefined) {
    const selected = asked(root, environments, name);
    // Only a link is ever replaced.
    const isOther = there !== undefined && lstat(path.join(root, link))?.isSymbolicLink() === false;
    return { selected, conflict: isOther ? conflict(`${link} is no link`, 'Rename it, then run it again') : undefined };
  }
  const ofDefault = usual === undefined ? undefined : path.posix.join(environments.folder, usual);
  if (there?.wrong !== undefined)
    return { selected: undefined, conflict: conflict(there.wrong, './prime --env NAME, once a folder of this name is there') };
  if (there?.folder !== undefined) {
    const isSame = ofDefault === undefined || ofDefault === there.folder;
    return {
      selected: made(there.folder, 'link'),
      conflict: isSame
        ? undefined
        : conflict(
            `${link} says ${path.basename(there.folder)}, and the configuration ${usual ?? ''}`,
            `./prime --env ${usual ?? ''} goes over to it; a link that is to stay needs no default in the configuration`,
          ),
    };
  }
  if (ofDefault === undefined) return { selected: undefined, conflict: undefined };
  if (!isFolder(path.join(root, ofDefault)))
    return {
      selected: undefined,
      conflict: conflict(`the configuration says ${usual ?? ''}, and ${ofDefault} is no folder`, 'Correct environments.default'),
    };
  return { selected: made(ofDefault, 'default'), conflict: undefined };
}

/** Points the link to the selected one. Readers see the old or the new one. */
export function pointLink(root: string, { link }: Environments, { folder }: Environment): void {
  const file = path.join(root, link);
  const target = path.relative(path.dirname(file), path.join(root, folder));
  if (lstat(file)?.isSymbolicLink() === true && fs.readlinkSync(file) === target) return;
  makeFolder(path.dirname(file));
  const temporary = `${file}.${process.pid}.tmp`;
  fs.symlinkSync(target, temporary);
  fs.renameSync(temporary, file);
}
