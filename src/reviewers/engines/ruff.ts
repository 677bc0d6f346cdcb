import { createRequire } from 'node:module';
import type { Diagnostic, Workspace } from '@astral-sh/ruff-wasm-nodejs';
import type { Edit, Engine, EngineDocument, EngineOutput, RawFinding } from './engine.ts';
import { ignored, ruleFor, safeCodes, selected } from './ruff-rules.ts';
import { positionsOf, type TextPositions } from './text-positions.ts';

/** Errors that the parser reports: nothing else is known of such a file. */
const syntaxCodes = new Set(['invalid-syntax', 'E902', 'E999']);

/** Lint rules and syntax of Python by ruff in WebAssembly; reads no pyproject.toml. */
export function createRuffEngine(): Engine {
  const ruff = createRequire(import.meta.url)('@astral-sh/ruff-wasm-nodejs') as typeof import('@astral-sh/ruff-wasm-nodejs');
  const open = (select: readonly string[]): Workspace =>
    new ruff.Workspace({ 'target-version': 'py313', lint: { select, ignore: ignored, 'flake8-bugbear': {} } }, ruff.PositionEncoding.Utf16);
  const full = open(selected);
  const syntaxOnly = open(['E9']);
  return { analyze: (document) => analyze(document, document.depth === 'full' ? full : syntaxOnly) };
}

function analyze(document: EngineDocument, workspace: Workspace): EngineOutput {
  const diagnostics = workspace.check(document.text) as Diagnostic[];
  const positions = positionsOf(document.text);
  const findings = diagnostics.flatMap((diagnostic) => toFinding(diagnostic, document, positions) ?? []);
  return { findings, parses: !diagnostics.some((diagnostic) => syntaxCodes.has(codeOf(diagnostic))) };
}

function toFinding(diagnostic: Diagnostic, document: EngineDocument, positions: TextPositions): RawFinding | null {
  const code = codeOf(diagnostic);
  const rule = ruleFor(code);
  if (rule === null || isNotMeant(code, document.name)) return null;
  const [category, severity, confidence = 0.8, cwe] = seemsSafe(diagnostic) ? (['security', 'low', 0.5] as const) : rule;
  const edits = safeEdits(diagnostic, document.text, positions);
  return {
    ruleId: `ruff/${code}`,
    category,
    severity,
    confidence,
    message: diagnostic.message.replace(/\s+/g, ' '),
    ...(diagnostic.fix?.message == null ? {} : { suggestion: diagnostic.fix.message }),
    start: positions.offsetOf(diagnostic.start_location.row, diagnostic.start_location.column),
    end: positions.offsetOf(diagnostic.end_location.row, diagnostic.end_location.column),
    ...(cwe === undefined ? {} : { cwe }),
    ...(category === 'syntax' ? { meaning: 'parse' } : {}),
    ...(edits.length === 0 ? {} : { edits }),
  };
}

function codeOf({ code }: Diagnostic): string {
  return code ?? 'invalid-syntax';
}

// A package's __init__ imports to hand on, a stub has neither bodies nor docstrings.
function isNotMeant(code: string, name: string): boolean {
  if (name.endsWith('__init__.py')) return ['F401', 'F403', 'F822'].includes(code);
  return name.endsWith('.pyi') && !code.startsWith('F82') && !syntaxCodes.has(code);
}

// Rules S602 and S605 say so themselves where the command is a literal.
function seemsSafe({ message, code }: Diagnostic): boolean {
  return (code === 'S602' || code === 'S605') && message.includes('seems safe');
}

// Ruff also ends a line at a lone carriage return, we do not: no edits there.
function safeEdits({ code, fix }: Diagnostic, text: string, positions: TextPositions): Edit[] {
  if (fix === null || code === null || !safeCodes.has(code) || /\r(?!\n)/.test(text)) return [];
  return fix.edits.map(({ location, end_location, content }) => ({
    start: positions.offsetOf(location.row, location.column),
    end: positions.offsetOf(end_location.row, end_location.column),
    text: content ?? '',
  }));
}
