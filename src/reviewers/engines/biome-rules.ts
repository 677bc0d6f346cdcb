import type { Category, Severity } from '#domain/finding.ts';

export interface BiomeRule {
  readonly category: Category;
  readonly severity: Severity;
  readonly confidence: number;
  /** Its quick fix is taken over: see Edit in engine.ts for what counts as safe. */
  readonly safe: boolean;
  readonly meaning?: string;
  readonly cwe?: string;
}

type Options = Partial<Pick<BiomeRule, 'confidence' | 'safe' | 'meaning' | 'cwe'>>;

function rules(category: Category, severity: Severity, names: readonly string[], options: Options = {}): [string, BiomeRule][] {
  return names.map((name) => [name, { category, severity, confidence: 0.8, safe: false, ...options }]);
}

const fixed: Options = { safe: true };

/**
 * Every rule that is on; Biome's own presets are not used. Left out: rules about a project (imports, dependencies), about
 * one framework, and those that TypeScript answers with types.
 */
export const biomeRules: ReadonlyMap<string, BiomeRule> = new Map([
  // Wrong for every input.
  ...rules('logic', 'high', ['suspicious/noUnsafeNegation', 'correctness/noConstantMathMinMaxClamp', 'correctness/noStringCaseMismatch', 'correctness/useValidTypeof'], fixed),
  ...rules('logic', 'high', ['correctness/useIsNan'], { safe: true, meaning: 'compared-with-nan' }),
  ...rules('logic', 'high', ['correctness/noConstAssign'], { meaning: 'const-assigned' }),
  ...rules('logic', 'high', ['suspicious/noDuplicateObjectKeys'], { meaning: 'duplicate-key', confidence: 0.9 }),
  ...rules('logic', 'high', ['correctness/noInvalidConstructorSuper', 'correctness/noUnreachableSuper'], { meaning: 'super-missing' }),
  ...rules('logic', 'high', [
    'correctness/noSetterReturn', 'correctness/noUnsafeFinally', 'correctness/noUnsafeOptionalChaining', 'correctness/noGlobalObjectCalls',
    'correctness/noInvalidBuiltinInstantiation', 'correctness/noEmptyCharacterClassInRegex', 'suspicious/noAsyncPromiseExecutor', 'suspicious/noDuplicateCase',
    'suspicious/noDuplicateElseIf', 'suspicious/noDuplicateClassMembers', 'suspicious/noDuplicateParameters', 'suspicious/noImportAssign', 'suspicious/noFunctionAssign',
    'suspicious/noClassAssign', 'suspicious/useGetterReturn', 'suspicious/noNonNullAssertedOptionalChain',
  ]),
  // Very probably wrong.
  ...rules('logic', 'medium', ['suspicious/noCompareNegZero', 'suspicious/useNumberToFixedDigitsArgument', 'suspicious/noDebugger', 'correctness/noSwitchDeclarations'], fixed),
  ...rules('logic', 'medium', ['suspicious/noDoubleEquals'], { meaning: 'loose-equality' }),
  ...rules('logic', 'medium', ['suspicious/noRedeclare'], { meaning: 'redeclared' }),
  ...rules('logic', 'medium', ['correctness/noInvalidUseBeforeDeclaration'], { meaning: 'used-before-declared' }),
  ...rules('logic', 'medium', [
    'correctness/noSelfAssign', 'correctness/noConstantCondition', 'correctness/noPrecisionLoss', 'correctness/noConstructorReturn', 'correctness/noUnusedInstantiation',
    'correctness/useYield', 'correctness/useHookAtTopLevel', 'correctness/useJsxKeyInIterable', 'suspicious/noSelfCompare', 'suspicious/noConstantBinaryExpressions',
    'suspicious/noFallthroughSwitchClause', 'suspicious/noMisrefactoredShorthandAssign', 'suspicious/noUnassignedVariables',
    'suspicious/noCatchAssign', 'suspicious/noGlobalAssign', 'suspicious/noThenProperty', 'suspicious/noSparseArray', 'suspicious/noFocusedTests', 'suspicious/noDuplicateTestHooks',
    'suspicious/useIterableCallbackReturn', 'suspicious/noShorthandPropertyOverrides', 'suspicious/noWith', 'suspicious/noDuplicateJsxProps', 'suspicious/noMisleadingCharacterClass',
    'suspicious/noControlCharactersInRegex', 'suspicious/noDuplicatedSpreadProps', 'suspicious/useDeprecatedDate',
  ]),
  // Worth a look.
  ...rules('logic', 'low', ['correctness/noUnusedImports'], { safe: true, meaning: 'unused-import' }),
  ...rules('logic', 'low', ['correctness/noNonoctalDecimalEscape', 'suspicious/noPrototypeBuiltins'], fixed),
  ...rules('logic', 'low', ['correctness/noUnreachable'], { meaning: 'unreachable' }),
  ...rules('logic', 'low', [
    'correctness/noUnusedVariables', 'correctness/noUnusedPrivateClassMembers', 'correctness/noUnusedLabels', 'correctness/noEmptyPattern', 'correctness/useParseIntRadix',
    'suspicious/noEmptyBlockStatements', 'suspicious/noUnusedExpressions', 'suspicious/noAssignInExpressions', 'suspicious/noShadowRestrictedNames', 'suspicious/noTemplateCurlyInString',
    'suspicious/noGlobalIsNan', 'suspicious/noGlobalIsFinite', 'suspicious/noLabelVar', 'suspicious/noConfusingLabels', 'suspicious/noProto', 'suspicious/noParametersOnlyUsedInRecursion',
  ]),
  // CSS.
  ...rules('logic', 'medium', [
    'correctness/noUnknownProperty', 'correctness/noUnknownUnit', 'correctness/noUnknownFunction', 'correctness/noUnknownMediaFeatureName', 'correctness/noUnknownPseudoClass',
    'correctness/noUnknownPseudoElement', 'correctness/noInvalidDirectionInLinearGradient', 'correctness/noInvalidPositionAtImportRule', 'correctness/noInvalidGridAreas',
    'correctness/noMissingVarFunction', 'correctness/noUnmatchableAnbSelector', 'suspicious/noImportantInKeyframe', 'suspicious/noDuplicateSelectorsKeyframeBlock',
  ]),
  ...rules('logic', 'low', [
    'correctness/noUnknownTypeSelector', 'suspicious/noDuplicateProperties', 'suspicious/noDuplicateCustomProperties', 'suspicious/noDuplicateFontNames',
    'suspicious/noDuplicateAtImportRules', 'suspicious/noUnknownAtRules', 'suspicious/noEmptyBlock',
  ]),
  ...rules('performance', 'medium', ['performance/noAccumulatingSpread']),
  ...rules('performance', 'low', ['performance/noDelete']),
  // Often meant: one after the other.
  ...rules('performance', 'low', ['performance/noAwaitInLoops'], { confidence: 0.5 }),
  ...rules('security', 'high', ['security/noGlobalEval'], { cwe: 'CWE-95' }),
  ...rules('security', 'high', ['security/noDangerouslySetInnerHtml'], { cwe: 'CWE-79', confidence: 0.7 }),
  ...rules('security', 'medium', ['security/noScriptUrl'], { cwe: 'CWE-79' }),
  ...rules('security', 'medium', ['security/noBlankTarget'], { cwe: 'CWE-1022', safe: true }),
  // No points: taste, and what only shortens.
  ...rules('style', 'low', ['style/useConst', 'complexity/noUselessCatchBinding', 'complexity/noExtraBooleanCast', 'complexity/noUselessUndefinedInitialization', 'complexity/useArrowFunction'], fixed),
  ...rules('style', 'info', [
    'complexity/noUselessRename', 'complexity/noUselessContinue', 'complexity/noUselessReturn', 'complexity/noUselessLoneBlockStatements', 'complexity/noUselessStringConcat',
    'complexity/noUselessLabel', 'complexity/useFlatMap', 'complexity/useRegexLiterals', 'suspicious/noUselessEscapeInString', 'suspicious/noExtraNonNullAssertion',
    'style/useExponentiationOperator', 'style/useTrimStartEnd', 'style/useArrayLiterals',
  ], fixed),
  ...rules('style', 'low', ['suspicious/noVar', 'suspicious/noExplicitAny', 'suspicious/noImplicitAnyLet', 'complexity/noUselessCatch', 'complexity/useOptionalChain', 'complexity/noBannedTypes', 'suspicious/noConfusingVoidType', 'suspicious/useErrorMessage']),
  ...rules('style', 'info', ['complexity/noUselessSwitchCase', 'complexity/noUselessTernary', 'complexity/noUselessConstructor', 'complexity/noCommaOperator', 'style/useTemplate', 'style/useNodejsImportProtocol', 'suspicious/useIsArray']),
]);

/** The rules as Biome's settings want them: { group: { rule: 'on' } }. */
export function biomeGroups(): Record<string, Record<string, 'on'>> {
  const groups: Record<string, Record<string, 'on'>> = {};
  for (const name of biomeRules.keys()) {
    const [group, rule] = name.split('/') as [string, string];
    groups[group] = { ...groups[group], [rule]: 'on' };
  }
  return groups;
}
