import type { Category, Severity } from '#domain/finding.ts';

/** How a diagnostic counts. */
export interface Verdict {
  readonly category: Category;
  readonly severity: Severity;
  readonly confidence: number;
}

/** What a file cannot know about its project when it is looked at alone: unresolved imports, missing type packages, compiler settings, strictness of catch. */
const projectNoise = new Set([
  1192, 1202, 1203, 1208, 1238, 1239, 1240, 1241, 1258, 1259, 1270, 1271, 1479, 1541, 1542, 1543, 2305, 2307, 2503, 2578, 2580, 2581, 2582, 2583, 2584, 2585,
  2591, 2592, 2593, 2614, 2686, 2688, 2691, 2732, 2792, 2834, 2835, 2867, 2868, 2874, 2875, 2882, 2571, 18046,
]);

/** In JavaScript the checker guesses types: only these are told. */
const toldInJavaScript = new Set([1117, 1313, 2300, 2304, 2322, 2367, 2448, 2451, 2552, 2554, 2588, 2801, 2845, 7027, 18004]);

/** Codes below 2000 are grammar; these few are found by the type checker all the same. */
const notGrammar = new Set([1055, 1058, 1062, 1064, 1065, 1117, 1313, 1320, 1321, 1322, 1345, 1360, 1361, 1362]);

/** Where strictness, not a crash, is at stake. */
const severityOf: Readonly<Record<number, Severity>> = {
  1313: 'medium', 2454: 'medium', 2531: 'medium', 2532: 'medium', 2533: 'medium', 2721: 'medium', 2722: 'medium', 2723: 'medium',
  2353: 'medium', 2561: 'medium', 2869: 'medium', 2870: 'medium', 2871: 'medium', 2872: 'medium', 2873: 'medium', 2881: 'medium',
  18047: 'medium', 18048: 'medium', 18049: 'medium',
  2564: 'low', 2683: 'low', 7027: 'low', 7028: 'low',
};

/** The same remark as another engine's rule. */
const meanings: Readonly<Record<number, string>> = {
  1117: 'duplicate-key', 2300: 'redeclared', 2451: 'redeclared', 2588: 'const-assigned', 2845: 'compared-with-nan', 7027: 'unreachable', 2448: 'used-before-declared',
  2454: 'used-before-declared', 17009: 'super-missing', 2377: 'super-missing',
};

/** Names that test runners, browsers' extensions and bundlers put into every file's scope. */
const ambientNames = new Set([
  'expect', 'jest', 'vi', 'cy', 'Cypress', 'assert', 'sinon', 'chai', 'browser', 'chrome', 'angular', 'google', 'gtag', 'dataLayer', 'React', 'JSX',
  'Vue', 'Deno', 'Bun', 'define', 'requirejs', 'wp', 'THREE', 'd3', 'L', 'Meteor', 'Ember', 'ko', '_', 'moment', 'importScripts',
]);
const buildTimeName = /^(?:__\w+__|[A-Z][A-Z0-9_]+)$/;

const nullAtStake = /\| (?:undefined|null)'|Type '(?:undefined|null)' is not assignable|of type '(?:undefined|null)' is not assignable/;
/** Whether a class fits its base or a namespace has a member is only sure with both at hand. */
const needsTheBase = new Set([2415, 2416, 2420, 2694]);
/** What is left of a type that came through an import nobody resolved: a guard that narrows nothing, a generic that infers nothing. */
const unknownAtStake = /\b(?:unknown|any)\b|'\{\}'|string \| number \| symbol/;
/** Types that others add to, or that an unresolved class would have narrowed (`error instanceof HttpError`). */
const openEndedType = /on type '(?:Window|Document|typeof globalThis|Window & typeof globalThis|HTMLElement|Element|EventTarget|Global|Error)\b/;

export interface Diagnosed {
  readonly code: number;
  readonly message: string;
  /** The text the diagnostic points at. */
  readonly name: string;
  readonly isJavaScript: boolean;
  readonly isSyntactic: boolean;
}

/** How a diagnostic counts, null where it says nothing about a file looked at alone. */
export function judge(diagnosed: Diagnosed): Verdict | null {
  const { code, isSyntactic } = diagnosed;
  if (projectNoise.has(code)) return null;
  if (isSyntactic || (code < 2000 && !notGrammar.has(code))) return { category: 'syntax', severity: 'critical', confidence: 0.95 };
  if (isUntold(diagnosed)) return null;
  return { category: 'logic', severity: severityIn(diagnosed), confidence: confidenceIn(diagnosed) };
}

function isUntold({ code, name, isJavaScript }: Diagnosed): boolean {
  return isAboutSettings(code) || (isJavaScript && !toldInJavaScript.has(code)) || (code === 2304 && ambientNames.has(name));
}

// 5xxx and 6xxx speak of options and files; 7xxx of implicit any, which every unresolved import brings, but for 7027–7029.
function isAboutSettings(code: number): boolean {
  return code >= 5000 && code < 8000 && (code < 7027 || code > 7029);
}

function severityIn({ code, message }: Diagnosed): Severity {
  const known = severityOf[code];
  if (known !== undefined) return known;
  return [2322, 2345, 2769].includes(code) && nullAtStake.test(message) ? 'medium' : 'high';
}

function confidenceIn(diagnosed: Diagnosed): number {
  if (isUnsure(diagnosed)) return 0.5;
  return diagnosed.isJavaScript ? 0.7 : 0.9;
}

function isUnsure({ code, message, name, isJavaScript }: Diagnosed): boolean {
  if (needsTheBase.has(code) || unknownAtStake.test(message)) return true;
  if (code === 2304) return buildTimeName.test(name);
  return code === 2339 || code === 2551 ? openEndedType.test(message) : isJavaScript && (code === 2322 || code === 2554);
}

export function meaningOf(code: number): string | undefined {
  return meanings[code];
}

/**
 * The one code fix that is taken over for a code. Each replaces something that is wrong for every input: a name that does
 * not exist, a condition that never changes, a call that always throws, code that never runs.
 */
export const safeFixes: Readonly<Record<number, string>> = {
  2348: 'addMissingNewOperator',
  2350: 'addMissingNewOperator',
  2551: 'spelling',
  2552: 'spelling',
  2663: 'forgottenThisPropertyAccess',
  2689: 'extendsInterfaceBecomesImplements',
  2801: 'addMissingAwait',
  2845: 'fixNaNEquality',
  7027: 'fixUnreachableCode',
};
