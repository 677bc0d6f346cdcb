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

export function createSingleFileService(dialect: 'typescript' | 'javascript'): SingleFileService {
  const options = dialect === 'typescript' ? forTypeScript : forJavaScript;
  const shown = { path: '/artifact.ts', text: '', version: 0 };
  const service = ts.createLanguageService(hostOf(options, shown), ts.createDocumentRegistry());
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
  const isReadable = (file: string): boolean => readable.some((folder) => path.normalize(file).startsWith(folder));
  const readFile = (file: string): string | undefined => {
    if (file === shown.path) return shown.text;
    return isReadable(file) ? ts.sys.readFile(file) : undefined;
  };
  const fileExists = (file: string): boolean => file === shown.path || (isReadable(file) && ts.sys.fileExists(file));
  const resolve = (name: string, from: string): ts.ResolvedModuleWithFailedLookupLocations => {
    // The artifact's own imports stay unresolved: its project is never read.
    if (from === shown.path) return { resolvedModule: undefined };
    return ts.resolveModuleName(name, from, options, { readFile, fileExists });
  };
  return {
    getCompilationSettings: () => options,
    getScriptFileNames: () => [shown.path, typesEntry],
    getScriptVersion: (file) => (file === shown.path ? String(shown.version) : '1'),
    getScriptSnapshot: (file) => {
      const text = readFile(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => '/',
    getDefaultLibFileName: (wanted) => path.join(libraryFolder, ts.getDefaultLibFileName(wanted)),
    readFile,
    fileExists,
    directoryExists: (folder) => isReadable(folder + path.sep) && ts.sys.directoryExists(folder),
    resolveModuleNameLiterals: (literals, from) => literals.map((literal) => resolve(literal.text, from)),
    resolveTypeReferenceDirectiveReferences: (references) => references.map(() => ({ resolvedTypeReferenceDirective: undefined })),
  };
}
