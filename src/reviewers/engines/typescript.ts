import ts from 'typescript';
import type { Engine, EngineDocument, EngineOutput, RawFinding } from './engine.ts';
import { looseEqualities } from './loose-equality.ts';
import { extensionOf } from './dialect.ts';
import { isSlipOfTheKey } from './slip-of-the-key.ts';
import { createSingleFileService, type SingleFileService } from './typescript-host.ts';
import { judge, meaningOf, safeFixes } from './typescript-rules.ts';

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
  const found = [...syntactic, ...semantic].flatMap((diagnostic) => {
    const finding = toFinding(diagnostic, document, syntactic.includes(diagnostic as ts.DiagnosticWithLocation));
    return finding === null ? [] : [withFix(finding, diagnostic, { service, path, text: document.text })];
  });
  const loose = syntactic.length > 0 ? [] : looseEqualities(service.getProgram()!, path);
  return { findings: [...found, ...loose], parses: syntactic.length === 0 };
}

function toFinding(diagnostic: ts.Diagnostic, document: EngineDocument, isSyntactic: boolean): RawFinding | null {
  const start = diagnostic.start ?? 0;
  const end = start + (diagnostic.length ?? 0);
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ').replace(/\s+/g, ' ');
  const { code } = diagnostic;
  const verdict = judge({ code, message, name: document.text.slice(start, end), isJavaScript: document.language === 'javascript', isSyntactic });
  if (verdict === null) return null;
  const meaning = verdict.category === 'syntax' ? 'parse' : meaningOf(code);
  return { ruleId: `typescript/TS${code}`, ...verdict, message, start, end, ...(meaning === undefined ? {} : { meaning }) };
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
