/** `npm run medtech -- <command>`: what can be done with mappings and devices on the command line. */
import { StartError } from '../../shared/workspace/start-error.ts';
import { ToolError } from './tool-files.ts';

type Command = (args: string[]) => Promise<number>;

/** Each is loaded alone: that of the simulator alone brings the client of Event Hubs. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  validate: async () => (await import('./validate.ts')).validate,
  trace: async () => (await import('./trace.ts')).trace,
  test: async () => (await import('./test.ts')).test,
  diff: async () => (await import('./diff.ts')).diff,
  replay: async () => (await import('./replay.ts')).replay,
  simulate: async () => (await import('./simulate.ts')).simulate,
};

const [name = '', ...args] = process.argv.slice(2);
const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (load) process.exitCode = await load().then((command) => command(args).catch(failed));
else {
  console.error(`npm run medtech -- ${Object.keys(commands).join('|')}`);
  process.exitCode = 2;
}

/** What the user can mend is told without a stack. */
function failed(error: Error & { code?: unknown }): number {
  const isKnown = error instanceof ToolError || error instanceof StartError;
  if (!isKnown && !String(error.code).startsWith('ERR_PARSE_ARGS')) throw error;
  console.error(error.message);
  return 2;
}
