// The parser of arguments. Its classes come with types that know the options of each command; the build takes `commander` itself.
export { Argument, Command, CommanderError, InvalidArgumentError, Option, type CommandUnknownOpts } from '@commander-js/extra-typings';
