/** `npm run medtech -- <command>`: what can be done with mappings and devices on the command line. */
import { replay } from './replay.ts';
import { simulate } from './simulate.ts';
import { validate } from './validate.ts';

const commands: Readonly<Record<string, (args: string[]) => Promise<number>>> = { replay, simulate, validate };

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command) process.exitCode = await command(args);
else {
  console.error(`npm run medtech -- ${Object.keys(commands).join('|')}`);
  process.exitCode = 2;
}
