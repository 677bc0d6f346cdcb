import { AppError } from '#domain/errors.ts';
import { readForeignFile, replaceForeignFile } from '#io/foreign-file.ts';
import { visible } from '#reports/visible.ts';
import { mcpClientIds, mcpClients, type McpClientId, type Reach } from '#client/mcp-entries/clients.ts';
import { planEntry } from '#client/mcp-entries/plan-entry.ts';
import type { Call } from './call.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { oneOf } from './values.ts';

/** `koubou mcp install`: shows the entry that a client needs, and puts it into the client's own file once that was agreed to. */
export async function mcpInstall(call: Call): Promise<ExitCode> {
  const { program, output, flags } = call;
  const id = oneOf<McpClientId>('--client', flags.text('client') ?? missingClient(), mcpClientIds);
  const { title, file: fileOf, check } = mcpClients[id];
  const home = program.facts.home ?? missingHome();
  const file = fileOf({ home, environment: program.environment, platform: process.platform });
  const found = readForeignFile(file);
  const print = flags.has('print');
  const { text, entry } = await planEntry(id, reachOf(call), { name: file, text: print ? '' : found.text });
  const isThere = text === found.text;
  const told = { schema: 'koubou.mcp-entry/1', client: id, file, entry };
  if (print) {
    if (flags.has('json')) output.json({ ...told, written: false });
    else output.print(entry);
    return exitCodes.done;
  }
  if (!isThere) {
    output.say(`${title} gets this in ${visible(file)}:\n\n${entry}`);
    if (!(await agreed(call))) return exitCodes.below;
    replaceForeignFile(file, found, text);
  }
  if (flags.has('json')) output.json({ ...told, written: !isThere });
  else output.print(isThere ? `${title} has this entry already, in ${visible(file)}.\n` : `Wrote ${visible(file)}. See it with: ${check}\n`);
  return exitCodes.done;
}

function reachOf({ program, flags }: Call): Reach {
  const url = flags.text('http');
  if (url !== undefined) return { kind: 'http', url: readUrl(url) };
  const [command, ...args] = program.selfCommand as readonly [string, ...string[]];
  // Clients start servers with few variables: what leads to another home of ours must be among them.
  const names = ['KOUBOU_HOME', 'KOUBOU_TEMPORAL', 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'].filter((name) => program.environment[name]);
  const env = Object.fromEntries(names.map((name) => [name, program.environment[name]!]));
  const passed = Object.keys(program.environment).filter((name) => name.endsWith('_API_KEY')).toSorted();
  return { kind: 'command', command, args: [...args, 'mcp'], env, passed };
}

function readUrl(text: string): string {
  const url = URL.canParse(text) && /^https?:/.test(text) ? new URL(text) : null;
  if (url !== null && url.username === '' && url.password === '') return url.href;
  throw new AppError('InvalidInput', 'INPUT_INVALID', 'With install, --http takes the address of a server that runs, such as http://127.0.0.1:8740/mcp, without user or password.');
}

async function agreed({ program, output, flags }: Call): Promise<boolean> {
  if (flags.has('yes')) return true;
  if (program.ask === undefined) throw new AppError('InvalidInput', 'INPUT_INVALID', 'Nobody can be asked here. Give --yes to have it written, or --print to see it alone.');
  const yes = await program.ask('Write it? [y/N] ');
  if (!yes) output.say('Nothing was written.');
  return yes;
}

function missingClient(): never {
  throw new AppError('InvalidInput', 'INPUT_INVALID', `Which client? --client ${mcpClientIds.join('|')}.`);
}

function missingHome(): never {
  throw new AppError('Misconfigured', 'HOME_UNKNOWN', 'HOME is not set, so the file of the client cannot be found. Set it, or use --print.');
}
