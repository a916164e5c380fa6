// `./prime doctor`: what this machine and folder have, which of it counts, and what a start would fail on. Asks no registry, changes nothing.
import { platformKey } from '../config/config.ts';
import type { PrimeContext } from '../context.ts';
import type { Style } from '../screen/style.ts';
import type { Finding } from './finding.ts';
import { folderFindings } from './folder-findings.ts';
import { nodeFindings } from './node-findings.ts';
import { npmFindings } from './npm-findings.ts';

/** Looks at all of it. */
export function examine(context: PrimeContext): readonly Finding[] {
  const running: Finding = {
    kind: 'good',
    about: 'this is',
    says: `Node ${process.versions.node} on ${platformKey()} (${process.execPath})`,
  };
  return [running, ...nodeFindings(context), ...npmFindings(context), ...folderFindings(context)];
}

/** The report, for people. */
export function findingsText(findings: readonly Finding[], style: Style): string {
  const mark = ({ kind }: Finding): string =>
    kind === 'good' ? style.green(style.done) : kind === 'odd' ? style.busy : style.red(style.failed);
  const lines = findings.reduce<string[]>((all, finding) => {
    const line = `${mark(finding)} ${finding.about.padEnd(13)} ${finding.says}`;
    return [...all, line, ...(finding.cure === undefined ? [] : [`  ${''.padEnd(13)} ${style.dim('do')} ${finding.cure}`])];
  }, []);
  const count = findings.filter(({ kind }) => kind === 'bad').length;
  const odd = findings.filter(({ kind }) => kind === 'odd').length;
  const end =
    count > 0 ? `a start would fail: ${count} of these` : `nothing that a start would fail on${odd === 0 ? '' : `; ${odd} to look at`}`;
  return `${[...lines, '', end].join('\n')}\n`;
}
