import { createRequire } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

/** One virtual file in an otherwise empty project: only TypeScript's own lib files and @types/node are read from disk. */
export interface SingleFileService {
  readonly service: ts.LanguageService;
  /** Puts the text into the project and returns the path it has there. */
  readonly show: (extension: string, text: string) => string;
}

const require = createRequire(import.meta.url);
const libraryFolder = path.dirname(ts.sys.resolvePath(require.resolve('typescript')));
const typesFolder = path.dirname(require.resolve('@types/node/package.json'));
const typesEntry = path.join(typesFolder, 'index.d.ts');
// What @types/node itself imports: the types of fetch.
const fetchTypesFolder = path.dirname(createRequire(typesEntry).resolve('undici-types/package.json'));
const readable = [libraryFolder, typesFolder, fetchTypesFolder].map((folder) => folder + path.sep);

/** Strict, implicit any included: without it an empty array is one of never. Its own complaints are not told. */
const shared: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  jsx: ts.JsxEmit.Preserve,
  strict: true,
  allowUnreachableCode: false,
  allowImportingTsExtensions: true,
  experimentalDecorators: true,
  esModuleInterop: true,
  skipLibCheck: true,
  noEmit: true,
  types: [],
};

const forTypeScript = shared;
// No DOM of other people's projects, no JSDoc types: in JavaScript only what is certain is told.
const forJavaScript: ts.CompilerOptions = { ...shared, allowJs: true, checkJs: true, strict: false };

// The comments of 180 library files tell people something, the checker nothing.
const withoutDocComments = ts.JSDocParsingMode.ParseNone;
// Parsed library files are shared by both dialects: half of what a start costs.
const registry = ts.createDocumentRegistry(true, '/', withoutDocComments);

export function createSingleFileService(dialect: 'typescript' | 'javascript'): SingleFileService {
  const options = dialect === 'typescript' ? forTypeScript : forJavaScript;
  const shown = { path: '/artifact.ts', text: '', version: 0 };
  const service = ts.createLanguageService(hostOf(options, shown), registry);
  return {
    service,
    show: (extension, text) => {
      shown.path = `/artifact${extension}`;
      shown.text = text;
      shown.version += 1;
      return shown.path;
    },
  };
}

interface Shown {
  readonly path: string;
  readonly text: string;
  readonly version: number;
}

function hostOf(options: ts.CompilerOptions, shown: Shown): ts.LanguageServiceHost {
  const resolutions = new Map<string, ts.ResolvedModuleWithFailedLookupLocations>();
  const resolve = (name: string, from: string): ts.ResolvedModuleWithFailedLookupLocations => {
    // The artifact's own imports stay unresolved: its project is never read.
    if (from === shown.path) return { resolvedModule: undefined };
    const key = `${from}\0${name}`;
    const known = resolutions.get(key) ?? ts.resolveModuleName(name, from, options, { readFile: () => undefined, fileExists: (file) => libraryOf(file) !== undefined });
    resolutions.set(key, known);
    return known;
  };
  const snapshotOf = (file: string): ts.IScriptSnapshot | undefined => (file === shown.path ? ts.ScriptSnapshot.fromString(shown.text) : libraryOf(file));
  return {
    getCompilationSettings: () => options,
    getScriptFileNames: () => [shown.path, typesEntry],
    getScriptVersion: (file) => (file === shown.path ? String(shown.version) : '1'),
    getScriptSnapshot: snapshotOf,
    jsDocParsingMode: withoutDocComments,
    getCurrentDirectory: () => '/',
    getDefaultLibFileName: (wanted) => path.join(libraryFolder, ts.getDefaultLibFileName(wanted)),
    readFile: (file) => textOf(snapshotOf(file)),
    fileExists: (file) => snapshotOf(file) !== undefined,
    resolveModuleNameLiterals: (literals, from) => literals.map((literal) => resolve(literal.text, from)),
    resolveTypeReferenceDirectiveReferences: (references) => references.map(() => ({ resolvedTypeReferenceDirective: undefined })),
  };
}

/** The library files read so far, null for those that do not exist: a check asks for all 180 of them, 3 MB, each time. */
const libraries = new Map<string, ts.IScriptSnapshot | null>();

// Declarations only: package.json files would be parsed again at every check.
function libraryOf(file: string): ts.IScriptSnapshot | undefined {
  if (!file.endsWith('.d.ts')) return undefined;
  const known = libraries.get(file);
  if (known !== undefined) return known ?? undefined;
  const isReadable = readable.some((folder) => path.normalize(file).startsWith(folder));
  const text = isReadable ? ts.sys.readFile(file) : undefined;
  libraries.set(file, text === undefined ? null : ts.ScriptSnapshot.fromString(text));
  return libraries.get(file) ?? undefined;
}

function textOf(snapshot: ts.IScriptSnapshot | undefined): string | undefined {
  return snapshot?.getText(0, snapshot.getLength());
}
