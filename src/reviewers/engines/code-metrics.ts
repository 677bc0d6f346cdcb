import type { CodeMetrics } from '#domain/review.ts';
import type { RawFinding } from './engine.ts';

/** What is counted of one function, nested functions apart; also of the code outside of all functions. */
export interface Unit {
  /** Null for the code outside of functions. */
  readonly name: string | null;
  /** UTF-16 offsets of the function's head. */
  readonly start: number;
  readonly end: number;
  /** Decisions: branches, loops, cases, catches, conditional expressions, and/or. */
  decisions: number;
  /** Lines that hold a token. */
  readonly lines: Set<number>;
  tokens: number;
  /** Distinct operators and operands. */
  readonly vocabulary: Set<string>;
}

export function newUnit(name: string | null, start: number, end: number): Unit {
  return { name, start, end, decisions: 0, lines: new Set(), tokens: 0, vocabulary: new Set() };
}

/** McCabe's number: 1 + decisions. */
export function complexityOf(unit: Unit): number {
  return 1 + unit.decisions;
}

/**
 * Maintainability index of one unit, 0–100, one decimal.
 *
 * Source  Visual Studio: MAX(0, (171 − 5.2·ln V − 0.23·CC − 16.2·ln LOC)·100/171), V = Halstead's volume N·log2 n
 */
export function maintainabilityOf(unit: Unit): number {
  const volume = Math.max(1, unit.tokens * Math.log2(Math.max(2, unit.vocabulary.size)));
  const raw = 171 - 5.2 * Math.log(volume) - 0.23 * complexityOf(unit) - 16.2 * Math.log(Math.max(1, unit.lines.size));
  return oneDecimal(Math.max(0, Math.min(100, (raw * 100) / 171)));
}

export interface Counted {
  /** The code outside of functions first, then the functions. */
  readonly units: readonly [Unit, ...Unit[]];
  readonly lines: number;
  readonly commentLines: number;
}

/** Numbers of a whole file; null for one without code. */
export function summarize({ units, lines, commentLines }: Counted): CodeMetrics | null {
  if (lines === 0) return null;
  const functions = units.slice(1);
  const judged: readonly Unit[] = functions.length > 0 ? functions : units;
  const weight = judged.reduce((sum, unit) => sum + unit.lines.size, 0);
  const index = judged.reduce((sum, unit) => sum + maintainabilityOf(unit) * unit.lines.size, 0) / Math.max(1, weight);
  return {
    linesOfCode: lines,
    complexityScore: Math.max(1, ...functions.map(complexityOf)),
    maintainabilityIndex: oneDecimal(index),
    functions: functions.length,
    commentLines,
  };
}

/** A number alone proves nothing: such findings are not confirmed. */
const confidence = 0.5;

/** Functions whose numbers are out of bounds (score model 1: complexity 15 and 25, maintainability 20 and 10). */
export function metricFindings({ units }: Counted): RawFinding[] {
  return units.slice(1).flatMap((unit) => {
    const where = { category: 'logic', confidence, start: unit.start, end: unit.end } as const;
    const found: RawFinding[] = [];
    const complexity = complexityOf(unit);
    if (complexity > 15) {
      const message = `${unit.name ?? 'A function'} has a cyclomatic complexity of ${complexity}; above 15 it is hard to test.`;
      found.push({ ruleId: 'metrics/complexity', severity: complexity > 25 ? 'medium' : 'low', message, ...where });
    }
    const index = maintainabilityOf(unit);
    if (index < 20) {
      const message = `${unit.name ?? 'A function'} has a maintainability index of ${index}; below 20 it is hard to change.`;
      found.push({ ruleId: 'metrics/maintainability', severity: index < 10 ? 'high' : 'medium', message, ...where });
    }
    return found;
  });
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}
