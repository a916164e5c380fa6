// Ready-made states of a repository: as they are (`hooks`, `docs`), wrapped (`envFile`), and one of its own that takes them as parents.
// docs/states.md explains each; `./prime graph` in an adopted copy of this folder shows them.
import { defineState, wrapState } from 'resprout/primer';
import { annotatedConfig, built, envFile, gitHooks, scriptLogger, shell } from 'resprout/states';

const hooks = gitHooks({ name: 'hooks' });

const docs = built({
  name: 'docs',
  run: [['src/make-docs.mts']],
  sources: ['src'],
  outputs: ['out/docs.md'],
  clean: ['out'],
  parents: [],
});

const plainEnv = envFile({ values: { SECRET: () => 'made-for-this-clone' }, required: ['PORT'] });
const env = wrapState(plainEnv, {
  does: '.env, whose port is a number',
  async reach(context, { inner }) {
    const values = await inner();
    if (!/^\d+$/.test(values['PORT'] ?? '')) context.fail('PORT in .env is no number', { do: 'Write one, such as 8080' });
    return values;
  },
});

const log = scriptLogger();

const ready = defineState('ready', {
  does: 'everything for work in this folder',
  parents: [hooks, docs, env, log, annotatedConfig()],
  reach(_, given) {
    given.scriptLogger.info(`ready on port ${given.envFile['PORT'] ?? ''}, settings in ${given.annotatedConfig}`);
  },
});

export const states = [ready, env, shell({ parents: [env], env: ({ envFile: values }) => values as Readonly<Record<string, string>> })];
