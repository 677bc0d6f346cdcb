import { createRequire } from 'node:module';
import type { CodeAction, CodeSuggestion, Diagnostic, Workspace } from '@biomejs/wasm-nodejs';
import { plainEdits } from './biome-edits.ts';
import { biomeGroups, biomeRules, type BiomeRule } from './biome-rules.ts';
import { extensionOf } from './dialect.ts';
import type { Engine, EngineDocument, EngineOutput, RawFinding } from './engine.ts';
import { utf16Offsets } from './text-positions.ts';

type Fix = Pick<RawFinding, 'edits' | 'suggestion'>;

type Project = { readonly workspace: Workspace; readonly projectKey: number };

/** An edit is computed over the whole text: beyond so many findings of fixable rules the later ones go without, until the next pass. */
const editLimit = 200;

/** A text that is not what it says it is has an error at every word; handing out 100,000 takes minutes. */
const findingLimit = 2_000;

/** Lint rules and syntax of JavaScript, TypeScript, JSON and CSS by Biome in WebAssembly; reads no biome.json. */
export function createBiomeEngine(): Engine {
  const project = openProject();
  return { analyze: (document) => analyze(document, project) };
}

function openProject(): Project {
  // Loaded here and not above: 44 MB of WebAssembly that only this engine needs.
  const biome = createRequire(import.meta.url)('@biomejs/wasm-nodejs') as typeof import('@biomejs/wasm-nodejs');
  biome.main();
  const workspace = new biome.Workspace();
  const { projectKey } = workspace.openProject({ path: '/', openUninitialized: true });
  workspace.updateSettings({
    projectKey,
    workspaceDirectory: '/',
    configuration: {
      // Above the largest artifact there is: what is too big is decided before an engine is asked.
      files: { maxSize: 64_000_000 },
      linter: { rules: { recommended: false, ...biomeGroups() } },
      javascript: { jsxRuntime: 'reactClassic', parser: { unsafeParameterDecoratorsEnabled: true } },
      css: { parser: { cssModules: true, tailwindDirectives: true } },
    },
  });
  return { workspace, projectKey };
}

function analyze(document: EngineDocument, { workspace, projectKey }: Project): EngineOutput {
  const path = `/artifact${extensionOf(document)}`;
  const { text } = document;
  workspace.openFile({ projectKey, path, content: { type: 'fromClient', content: text, version: 0 } });
  try {
    const categories = document.depth === 'syntax' ? (['syntax'] as const) : (['syntax', 'lint'] as const);
    const { diagnostics } = workspace.pullDiagnostics({ projectKey, path, categories: [...categories], maxDiagnostics: findingLimit });
    const fixes = fixesByRule(diagnostics, text, (only) => workspace.pullActions({ projectKey, path, categories: ['lint'], only, skip: [] }).actions);
    const toUnits = utf16Offsets(text);
    const findings = diagnostics.flatMap((diagnostic) => toFinding(diagnostic, { toUnits, fixes }) ?? []);
    return { findings, parses: !diagnostics.some(isParseError) };
  } finally {
    workspace.closeFile({ projectKey, path });
  }
}

interface Context {
  readonly toUnits: (offset: number) => number;
  readonly fixes: Map<string, (Fix | null)[]>;
}

function toFinding(diagnostic: Diagnostic, { toUnits, fixes }: Context): RawFinding | null {
  const span = diagnostic.location.span ?? [0, 0];
  const where = { start: toUnits(span[0]), end: toUnits(span[1]), message: diagnostic.description.replace(/\s+/g, ' ').trim() };
  if (isParseError(diagnostic)) {
    return { ruleId: 'biome/parse', category: 'syntax', severity: 'critical', confidence: 0.9, ...where, meaning: 'parse' };
  }
  const name = ruleName(diagnostic);
  const rule = name === null ? undefined : biomeRules.get(name);
  if (name === null || rule === undefined) return null;
  const fix = fixes.get(name)?.shift() ?? {};
  return { ruleId: `biome/${name.split('/')[1]}`, ...counted(rule), ...where, ...fix };
}

function counted({ category, severity, confidence, meaning, cwe }: BiomeRule): Pick<RawFinding, 'category' | 'severity' | 'confidence' | 'meaning' | 'cwe'> {
  return { category, severity, confidence, ...(meaning === undefined ? {} : { meaning }), ...(cwe === undefined ? {} : { cwe }) };
}

function isParseError({ category, severity }: Diagnostic): boolean {
  return category === 'parse' && (severity === 'error' || severity === 'fatal');
}

function ruleName({ category }: Diagnostic): string | null {
  return category?.startsWith('lint/') === true ? category.slice('lint/'.length) : null;
}

// One list of fixes for each safe rule, in the order of its findings; null for a finding without one.
function fixesByRule(diagnostics: readonly Diagnostic[], text: string, pull: (only: string[]) => CodeAction[]): Map<string, (Fix | null)[]> {
  const counts = new Map<string, number>();
  for (const diagnostic of diagnostics) {
    const name = ruleName(diagnostic);
    if (name !== null && biomeRules.get(name)?.safe === true) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const all = new Map<string, (Fix | null)[]>();
  let budget = editLimit;
  for (const [name, count] of counts) {
    if (count > budget) continue;
    budget -= count;
    const fixes = fixesOf(pull([`lint/${name}`]), text);
    // Actions do not name their finding, only their order does: if the numbers differ, nothing is known.
    if (fixes.length === count) all.set(name, fixes);
  }
  return all;
}

// Every finding offers its quick fix, if it has one, and then a comment that would suppress it in the line.
function fixesOf(actions: readonly CodeAction[], text: string): (Fix | null)[] {
  const fixes: (Fix | null)[] = [];
  let pending: Fix | null = null;
  for (const { category, suggestion } of actions) {
    if ('quickFix' in category && suggestion !== undefined) pending ??= toFix(suggestion, text);
    if (!('other' in category) || category.other !== 'inlineSuppression') continue;
    fixes.push(pending);
    pending = null;
  }
  return fixes;
}

function toFix({ suggestion, msg }: CodeSuggestion, text: string): Fix | null {
  const edits = plainEdits(suggestion, text);
  return edits === null || edits.length === 0 ? null : { edits, suggestion: msg.map(({ content }) => content).join('').trim() };
}
