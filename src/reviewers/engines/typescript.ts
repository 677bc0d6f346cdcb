import ts from 'typescript';
import type { Engine, EngineDocument, EngineOutput, RawFinding } from './engine.ts';
import { looseEqualities } from './loose-equality.ts';
import { extensionOf } from './dialect.ts';
import { openEndedTypes } from './open-ended-types.ts';
import { isSlipOfTheKey } from './slip-of-the-key.ts';
import { createSingleFileService, type SingleFileService } from './typescript-host.ts';
import { judge, meaningOf, safeFixes } from './typescript-rules.ts';

/** A member is missing: 2339, and 2551 with a suggestion. */
const lacksMember = new Set([2339, 2551]);

/** Types and syntax of TypeScript and JavaScript by TypeScript's own language service, each file alone. */
export function createTypeScriptEngine(): Engine {
  const services = new Map<string, SingleFileService>();
  const serviceFor = (language: 'typescript' | 'javascript'): SingleFileService => {
    const known = services.get(language) ?? createSingleFileService(language);
    services.set(language, known);
    return known;
  };
  return {
    analyze: (document) => {
      const language = document.language === 'javascript' ? 'javascript' : 'typescript';
      return check(document, serviceFor(language));
    },
  };
}

function check(document: EngineDocument, { service, show }: SingleFileService): EngineOutput {
  const path = show(extensionOf(document), document.text);
  const syntactic = service.getSyntacticDiagnostics(path);
  const semantic = syntactic.length > 0 ? [] : service.getSemanticDiagnostics(path);
  const openEnded = semantic.some(({ code }) => lacksMember.has(code)) ? openEndedTypes(service.getProgram()!, path) : new Set<string>();
  const found = [...syntactic, ...semantic].flatMap((diagnostic) => {
    const finding = toFinding(diagnostic, { document, openEnded, isSyntactic: syntactic.length > 0 });
    return finding === null ? [] : [withFix(finding, diagnostic, { service, path, text: document.text })];
  });
  // In JavaScript a type is only where a variable began.
  const loose = syntactic.length > 0 || document.language === 'javascript' ? [] : looseEqualities(service.getProgram()!, path);
  return { findings: [...found, ...loose], parses: syntactic.length === 0 };
}

interface Context {
  readonly document: EngineDocument;
  readonly openEnded: ReadonlySet<string>;
  readonly isSyntactic: boolean;
}

function toFinding(diagnostic: ts.Diagnostic, { document, openEnded, isSyntactic }: Context): RawFinding | null {
  const start = diagnostic.start ?? 0;
  if (document.language === 'javascript' && isInDocComment(document.text, start)) return null;
  const end = start + (diagnostic.length ?? 0);
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ').replace(/\s+/g, ' ');
  const { code } = diagnostic;
  const verdict = judge({ code, message, name: document.text.slice(start, end), isJavaScript: document.language === 'javascript', isSyntactic });
  if (verdict === null || (lacksMember.has(code) && isOpenEnded(message, openEnded))) return null;
  const meaning = verdict.category === 'syntax' ? 'parse' : meaningOf(code);
  return { ruleId: `typescript/TS${code}`, ...verdict, message, start, end, ...(meaning === undefined ? {} : { meaning }) };
}

// The checker also reads the types that JSDoc names, which are another tool's.
function isInDocComment(text: string, offset: number): boolean {
  return text.lastIndexOf('/**', offset) > text.lastIndexOf('*/', offset);
}

// "Property 'x' does not exist on type 'Name'." or "… on type 'Name<string>'."
function isOpenEnded(message: string, openEnded: ReadonlySet<string>): boolean {
  const name = /on type '(?:typeof )?([\p{L}\p{N}_$]+)/u.exec(message)?.[1];
  return name !== undefined && openEnded.has(name);
}

interface Place {
  readonly service: ts.LanguageService;
  readonly path: string;
  readonly text: string;
}

function withFix(finding: RawFinding, diagnostic: ts.Diagnostic, { service, path, text }: Place): RawFinding {
  const wanted = safeFixes[diagnostic.code];
  if (wanted === undefined) return finding;
  const fix = service.getCodeFixesAtPosition(path, finding.start, finding.end, [diagnostic.code], {}, {}).find(({ fixName }) => fixName === wanted);
  const changes = fix?.changes.flatMap((change) => change.textChanges) ?? [];
  if (fix === undefined || changes.length === 0) return finding;
  if (wanted === 'spelling' && !changes.every(({ span, newText }) => isSlipOfTheKey(text.slice(span.start, span.start + span.length), newText))) return finding;
  const edits = changes.map(({ span, newText }) => ({ start: span.start, end: span.start + span.length, text: newText }));
  return { ...finding, suggestion: fix.description, edits };
}
