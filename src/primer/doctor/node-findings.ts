// Which Node counts, who says so, which ones are here, and which one a start would take.
import path from 'node:path';
import { platformKey, requiredNode } from '../config/config.ts';
import { wordsOfNode } from '../config/wanted-node.ts';
import type { PrimeContext } from '../context.ts';
import { askAll } from '../machine/find-node.ts';
import { parseRange } from '../machine/version-range.ts';
import { lookForNode } from '../states/node-state.ts';
import { bad, good, odd, type Finding } from './finding.ts';

/** Each of them is run, and a shim may take seconds. */
const MOST_ASKED = 12;

/** Places that want another Node than the one that counts. */
function conflicts({ config }: PrimeContext): readonly Finding[] {
  const [first, ...others] = wordsOfNode(config.wanted.folders);
  const winner = parseRange(first?.text ?? '*');
  return others.reduce<Finding[]>((all, { text, at }) => {
    const range = parseRange(text);
    const place = path.relative(config.root, at);
    if (range === undefined) return [...all, odd('node', `${place} says «${text}», which is not understood; it does not count`)];
    const agrees = winner?.exact === undefined ? range.text === winner?.text : range.accepts(winner.exact);
    if (agrees) return all;
    const counted = path.relative(config.root, first?.at ?? '');
    return [...all, odd('node', `${place} says ${text}, and ${counted} says ${first?.text ?? ''}, which counts`, `Make ${place} agree`)];
  }, []);
}

/** All that is to be said of Node. */
export function nodeFindings(context: PrimeContext): readonly Finding[] {
  const { config } = context;
  const wanted = requiredNode(config);
  const says =
    config.wanted.from === undefined
      ? 'any from 12 on will do, since no file here names one'
      : `${wanted.text}, as ${path.relative(config.root, config.wanted.from)} says`;
  const pinned = config.nodePackages[platformKey()];
  const found = lookForNode(context);
  const here = askAll(wanted, context.env, MOST_ASKED).map(([file, answer]): Finding => {
    if (answer === undefined) return odd('node here', `${file} does not answer as Node within 5 s`);
    const is = answer.file === file ? '' : `, which is ${answer.file}`;
    return good('node here', `${file}: ${answer.version}${is}${wanted.accepts(answer.version) ? '' : ' (not wanted)'}`);
  });
  const taken =
    found !== undefined
      ? good('node taken', `${found.file} (${found.from})`)
      : pinned !== undefined
        ? good('node taken', `${pinned.name}@${pinned.version}, which the next start fetches`)
        : bad(
            'node taken',
            `none here fits, and none is pinned for ${platformKey()}`,
            `Install Node ${wanted.text}, or: ./prime pin ${wanted.exact ?? ''}`.trim(),
          );
  return [good('node wanted', says), ...conflicts(context), ...here, taken];
}
