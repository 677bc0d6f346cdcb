import { createRequire } from 'node:module';
import type { Workspace } from '@astral-sh/ruff-wasm-nodejs';
import ts from 'typescript';
import { metricFindings, summarize, type Counted } from './code-metrics.ts';
import { countPython } from './count-python.ts';
import { countTypeScript } from './count-typescript.ts';
import { extensionOf } from './dialect.ts';
import type { Engine, EngineDocument } from './engine.ts';
import { lostParts, outlineOfMarkdown, outlineOfPython, outlineOfTypeScript, type Outline } from './outline.ts';
import { definitionsOf, readTokens } from './python-tokens.ts';

/** Size, complexity and maintainability of code, and what of the previous revision's exports, tests and headings is gone. */
export function createMetricsEngine(): Engine {
  let ruff: Workspace | null = null;
  return {
    analyze: (document) => {
      const { language, text, previousText } = document;
      const read = language === 'markdown' ? readMarkdown : language === 'python' ? pythonReader((ruff ??= openRuff())) : typeScriptReader(document);
      const { counted, outline } = read(text);
      const lost = previousText === undefined ? [] : lostParts(read(previousText).outline, outline);
      return { findings: counted === null ? [] : metricFindings(counted), parses: null, metrics: counted === null ? null : summarize(counted), lost };
    },
  };
}

interface Structure {
  /** Null where there is no code to count. */
  readonly counted: Counted | null;
  readonly outline: Outline;
}

function readMarkdown(text: string): Structure {
  return { counted: null, outline: outlineOfMarkdown(text) };
}

function typeScriptReader(document: EngineDocument): (text: string) => Structure {
  const path = `/artifact${extensionOf(document)}`;
  return (text) => {
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
    return { counted: countTypeScript(source), outline: outlineOfTypeScript(source) };
  };
}

function pythonReader(ruff: Workspace): (text: string) => Structure {
  return (text) => {
    const tokens = readTokens(ruff.tokens(text));
    return { counted: countPython(tokens, text), outline: outlineOfPython(definitionsOf(tokens, Buffer.from(text))) };
  };
}

function openRuff(): Workspace {
  const ruff = createRequire(import.meta.url)('@astral-sh/ruff-wasm-nodejs') as typeof import('@astral-sh/ruff-wasm-nodejs');
  return new ruff.Workspace({}, ruff.PositionEncoding.Utf16);
}
