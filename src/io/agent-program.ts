import { closeSync, existsSync, openSync, readSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { findCommand } from './service-process.ts';
import { isWithin } from './within.ts';

export interface ProgramQuery {
  /** A name, looked for on the search path, or an absolute file. */
  readonly command: string;
  /** Colon-separated; entries that are relative or lie in an untrusted folder are passed over. */
  readonly searchPath: string;
  /** Folders that others write to, such as the reviewed project. */
  readonly untrustedFolders: readonly string[];
  /** Where the native program stands, seen from the folder of a package's wrapper script; the first that exists is taken. */
  readonly natives: readonly string[];
}

export interface Program {
  /** What is started, absolute and without symbolic links … */
  readonly command: string;
  /** … with these arguments before all others. */
  readonly args: readonly string[];
  /** Folders it is read from. */
  readonly folders: readonly string[];
}

/** The program a command stands for, itself rather than a script that starts it; null when there is none. */
export function findProgram(query: ProgramQuery): Program | null {
  const found = locate(query);
  if (found === null) return null;
  const file = realpathSync(found);
  const start = startOf(file);
  const itself = { command: file, args: [], folders: [installationOf(file)] };
  if (machineCode.some((magic) => start.startsWith(magic))) return itself;
  // A script that would start it, or that says its installation is not complete.
  const native = query.natives.map((place) => path.resolve(path.dirname(file), place)).find((place) => existsSync(place));
  if (native !== undefined) return { command: realpathSync(native), args: [], folders: [installationOf(native)] };
  if (!/^#!.*\bnode\b/.test(start)) return itself;
  // Our own Node, whatever `node` means on the search path.
  return { command: process.execPath, args: [file], folders: [installationOf(file), installationOf(realpathSync(process.execPath))] };
}

function locate({ command, searchPath, untrustedFolders }: ProgramQuery): string | null {
  if (command.includes('/')) return path.isAbsolute(command) ? findCommand(command, '') : null;
  const trusted = searchPath.split(path.delimiter).filter((folder) => !untrustedFolders.some((untrusted) => isWithin(resolved(folder), resolved(untrusted))));
  return findCommand(command, trusted.join(path.delimiter));
}

function resolved(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return path.resolve(folder);
  }
}

/** How executables of Linux and macOS begin. */
const machineCode = ['\u007fELF', '\u00cf\u00fa\u00ed\u00fe', '\u00ca\u00fe\u00ba\u00be'];

function startOf(file: string): string {
  const bytes = Buffer.alloc(200);
  const descriptor = openSync(file, 'r');
  try {
    return bytes.toString('latin1', 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

// Packages reach for files of their neighbours.
function installationOf(file: string): string {
  const start = file.indexOf('/node_modules/');
  return start === -1 ? path.dirname(file) : file.slice(0, start + '/node_modules'.length);
}
