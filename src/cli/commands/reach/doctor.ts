import path from 'node:path';
import { codeOf, toError } from '../../../base/errors/errors.ts';
import { SETTINGS_FILE } from '../../../base/inventory/settings-file.ts';
import { setContextLog } from '../../../remote/hosts/current-host.ts';
import { askOnTerminal } from '../../../remote/connect/questions/ask-terminal.ts';
import { Completions } from '../../../remote/fan/completions.ts';
import { fanLimits } from '../../../remote/fan/fan-options.ts';
import { chooseTargets, type Host } from '../../hosts/choose-targets.ts';
import { diagnose } from '../../hosts/doctor/diagnose.ts';
import type { Step } from '../../hosts/doctor/step.ts';
import type { HostsOptions } from '../../hosts/hosts-options.ts';
import { interruptible } from '../../hosts/interrupt.ts';
import { hideEnv } from '../../sessions/hide-secrets.ts';
import { logLine } from '../../render/log-line.ts';
import { safeLine } from '../../render/text/safe-text.ts';
import { listLine } from '../../render/values/json.ts';
import type { Style } from '../../render/style.ts';
import type { CommonOptions, Terminal } from '../../terminal.ts';

/** `resprout doctor`: opens targets step by step and says what is found. @returns 0 when all of them open, else the highest exit code */
export async function doctor(texts: readonly string[], options: CommonOptions & HostsOptions, terminal: Terminal): Promise<number> {
  hideEnv(terminal.env, { file: path.join(terminal.cwd, SETTINGS_FILE) });
  const hosts = await chooseTargets(texts.length === 0 ? ['local:'] : texts, options.limit);
  const { stderr, stdout, outStyle } = terminal;
  setContextLog((line) => {
    if (options.verbose === true) stderr.write(`${logLine(line)}\n`);
  });
  using interrupt = interruptible(`examine ${texts.join(' ')}`);
  const ask = stderr.isTTY && options.json !== true ? askOnTerminal : undefined;
  // One alone is shown as it is examined.
  const isLive = hosts.length === 1 && options.json !== true;
  const examined = async (
    host: Host,
    signal: AbortSignal,
  ): Promise<{ readonly host: Host; readonly ok: boolean; readonly steps: readonly Step[] }> => {
    const steps: Step[] = [];
    let of: string | undefined;
    for await (const step of diagnose(host, hosts, { ask, logLevel: 'error' }, signal)) {
      if (isLive && step.of !== of) stdout.write(`${safeLine(step.of)}\n`);
      if (isLive) stdout.write(stepLines(step, outStyle));
      of = step.of;
      steps.push(step);
    }
    if (!isLive && options.json !== true) stdout.write(blockOf(steps, outStyle));
    return { host, ok: steps.every(({ state }) => state !== 'failed'), steps };
  };
  const tasks = hosts.map((host) => ({
    run: (signal: AbortSignal) => examined(host, signal),
    failed: (error: unknown) => ({ host, ok: false, steps: [{ of: host.target, ...brokenOff(error) }] }),
  }));
  const { signal } = interrupt;
  const all = await new Completions(tasks, fanLimits({ concurrency: options.concurrency }), signal).all().catch((error: unknown) => {
    throw signal.aborted ? toError(signal.reason) : toError(error);
  });
  const exit = Math.max(...all.flatMap(({ steps }) => steps.map((step) => (step.state === 'failed' ? (step.exit ?? 4) : 0))));
  if (options.json === true) {
    const values = all.map(({ host, ok, steps }) => ({ name: host.label, target: host.target, ok, steps: steps.map(stepJson) }));
    stdout.write(listLine(values, exit));
  }
  return exit;
}

function brokenOff(error: unknown): Omit<Step, 'of'> {
  return { name: 'examination', state: 'failed', saw: `${codeOf(error) ?? 'it broke off'}: ${String(error)}`, exit: 4 };
}

function stepJson({ do: cure, name, of, saw, state }: Step): object {
  return { of, name, state, saw, ...(cure === undefined ? {} : { do: cure }) };
}

function blockOf(steps: readonly Step[], style: Style): string {
  return steps.map((step, at) => `${step.of === steps[at - 1]?.of ? '' : `${safeLine(step.of)}\n`}${stepLines(step, style)}`).join('');
}

const NAME_CHARS = 14;

function stepLines({ do: cure, name, saw, state }: Step, { paint, symbols }: Style): string {
  const marks = {
    ok: paint('green', symbols.done),
    warning: paint('yellow', symbols.warning),
    failed: paint('red', symbols.failed),
    'not reached': paint('dim', symbols.none),
  };
  const [first = '', ...rest] = (state === 'not reached' ? state : saw).split('\n').map(safeLine);
  const indent = ' '.repeat(NAME_CHARS + 5);
  const lines = [`  ${marks[state]} ${name.padEnd(NAME_CHARS)} ${first}`.trimEnd(), ...rest.map((line) => `${indent}${line}`)];
  if (cure !== undefined) lines.push(`${indent}${paint('dim', 'do')} ${safeLine(cure)}`);
  return `${lines.join('\n')}\n`;
}
