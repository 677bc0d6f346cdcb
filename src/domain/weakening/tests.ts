import type { FileRoles } from './file-roles.ts';
import { firstSurplus, marksOf, uncommented, type Lines, type Mark } from './marks.ts';

// A chain such as test.concurrent.only, and nothing that only ends like it: cursor.skip(10) skips rows.
const chained = /(?<![\w.$])(?:describe|it|test|suite|context|bench)(?:\.\w{1,20}){0,3}\.(only|skip|todo|fixme|failing|fails|skipIf|runIf)\b/g;
const prefixed = /(?<![\w.$])(xit|xdescribe|xtest|xcontext|fit|fdescribe|fcontext)\s{0,4}\(/g;
const inside = /(?<![\w$])(?:t|this|ctx|context)\.(skip|todo|fixme)\(/g;
const python =
  /(?:@|\b)pytest\.(?:mark\.(?:skip|skipif|xfail)|skip|xfail|importorskip|exit)\b|\bunittest\.(?:skip|skipIf|skipUnless|expectedFailure|SkipTest)\b|^\s*@(?:skip|skipIf|skipUnless|expectedFailure)\b|\bself\.skipTest\(|\braise\s{1,4}SkipTest\b|\b__test__\s{0,4}=\s{0,4}False\b|\bcollect_ignore(?:_glob)?\b/g;
const others = /\bt\.Skip(?:f|Now)?\(|^\s*@(?:Disabled|Ignore)\b|^\s*#\[ignore\b|\[(?:Ignore|Fact\(Skip)\b|^\s*(?:skip|pending)\s+['"]/g;

const scriptTest = /(?<![\w.$])(?:it|test|bench)(?:\.\w{1,20}){0,3}\s{0,4}[(`]/g;
const pythonTest = /^\s*(?:async\s{1,4})?def\s{1,4}test/g;
const scriptAssertion = /(?<![\w$])(?:expect(?:TypeOf)?\s{0,4}[(.]|assert\w{0,30}(?:\.\w{1,40})?\s{0,4}\(|(?:t|ctx)\.(?:is|not|ok|equal|deepEqual|strictEqual|throws|rejects|true|false|regex|snapshot|assert)\w{0,20}\()|\.should\b/g;
const pythonAssertion = /^\s*assert\b|\bself\.(?:assert\w{1,40}|fail)\(|\bpytest\.(?:raises|warns|fail)\(/g;
/** Asserts nothing. */
const idle = /^\s*assert\s{1,4}(?:True|1)\s*$|\b(?:expect|assert(?:\.ok)?)\(\s{0,4}(?:true|1)\s{0,4}\)(?:\.to(?:Be|Equal|StrictEqual|BeTruthy)\((?:true|1)?\))?/;

/** Why the text after tests less than the one before, naming the line, or null: tests skipped or singled out, tests or assertions gone or commented out. */
export function lessTested(before: Lines, after: Lines, roles: FileRoles): string | null {
  const language = roles.isPython ? 'hash' : 'slashes';
  const [from, to] = [uncommented(before, language), uncommented(after, language)];
  const skipped = firstSurplus({ from, fromMarks: skips(from, roles), to, toMarks: skips(to, roles) });
  if (skipped !== null) return `It skips tests or runs only some: line ${skipped.line} adds ${skipped.key}.`;
  if (!roles.isTest) return null;
  return fewer({ from, to, marks: (lines) => tests(lines, roles) }, 'a test') ?? fewer({ from, to, marks: (lines) => assertions(lines, roles) }, 'an assertion');
}

function skips(lines: Lines, { isPython, isTest }: FileRoles): Mark[] {
  if (isPython) return marksOf(lines, python, ([found]) => found.trim().replace(/^@|\($/g, ''));
  const marks = marksOf(lines, chained, ([found]) => found);
  if (!isTest) return marks;
  return [...marks, ...marksOf(lines, prefixed, ([, name = '']) => name), ...marksOf(lines, inside, ([found]) => found.slice(0, -1)), ...marksOf(lines, others, ([found]) => found.trim().replace(/\W+$/, ''))];
}

function tests(lines: Lines, { isPython }: FileRoles): Mark[] {
  return marksOf(lines, isPython ? pythonTest : scriptTest, () => 'test');
}

function assertions(lines: Lines, { isPython }: FileRoles): Mark[] {
  return marksOf(lines, isPython ? pythonAssertion : scriptAssertion, ({ input }) => (idle.test(input) ? null : 'assertion'));
}

interface Counting {
  readonly from: Lines;
  readonly to: Lines;
  readonly marks: (lines: Lines) => Mark[];
}

function fewer({ from, to, marks }: Counting, what: string): string | null {
  const gone = firstSurplus({ from: to, fromMarks: marks(to), to: from, toMarks: marks(from) });
  return gone === null ? null : `It drops ${what}: line ${gone.line} of the previous revision.`;
}
