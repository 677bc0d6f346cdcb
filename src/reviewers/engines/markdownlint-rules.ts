import type { Category, Severity } from '#domain/finding.ts';

export interface MarkdownRule {
  readonly category: Category;
  readonly severity: Severity;
  readonly confidence: number;
  /** Its fix is taken over. */
  readonly safe: boolean;
  /** Settings other than the rule's defaults. */
  readonly settings: boolean | Readonly<Record<string, unknown>>;
}

type Options = Partial<Pick<MarkdownRule, 'confidence' | 'safe' | 'settings'>>;

function rules(category: Category, severity: Severity, names: readonly string[], options: Options = {}): [string, MarkdownRule][] {
  return names.map((name) => [name, { category, severity, confidence: 0.9, safe: false, settings: true, ...options }]);
}

/**
 * Every rule that is on. What readers see wrongly or a link that leads nowhere costs points; blank lines, spaces and marks
 * of taste do not. Line length (MD013) is off: editors wrap.
 */
export const markdownRules: ReadonlyMap<string, MarkdownRule> = new Map([
  // Does not render as what it was written to be.
  ...rules('syntax', 'medium', ['MD011', 'MD018', 'MD020', 'MD037'], { safe: true }),
  ...rules('syntax', 'medium', ['MD056']),
  // Structure that readers and tools go by.
  ...rules('syntax', 'medium', ['MD001', 'MD025']),
  ...rules('syntax', 'low', ['MD023', 'MD034'], { safe: true }),
  ...rules('syntax', 'low', ['MD040', 'MD041', 'MD029', 'MD028', 'MD036', 'MD046']),
  // Leads nowhere or says nothing.
  ...rules('logic', 'medium', ['MD042'], {}),
  ...rules('logic', 'medium', ['MD051'], { safe: true, confidence: 0.8 }),
  ...rules('logic', 'medium', ['MD052'], { confidence: 0.6 }),
  ...rules('logic', 'low', ['MD024'], { settings: { siblings_only: true } }),
  ...rules('logic', 'low', ['MD045', 'MD053', 'MD059']),
  // Cosmetics.
  ...rules('style', 'info', ['MD009', 'MD012', 'MD019', 'MD021', 'MD022', 'MD026', 'MD031', 'MD032', 'MD038', 'MD039', 'MD058'], { safe: true }),
  // A Makefile shown in a fence needs its tabs.
  ...rules('style', 'info', ['MD010'], { safe: true, settings: { code_blocks: false } }),
  // Without their fixes: moving a list marker moves it away from the lines that belong to it.
  ...rules('style', 'info', ['MD003', 'MD004', 'MD005', 'MD007', 'MD027', 'MD030', 'MD035', 'MD048', 'MD049', 'MD050', 'MD055', 'MD047']),
]);

export function markdownSettings(): Record<string, unknown> {
  return { default: false, ...Object.fromEntries([...markdownRules].map(([name, { settings }]) => [name, settings])) };
}

/** '#tag' and '#12' at the start of a line are tags and numbers, not headings that lack a space. */
export function isMeantAsHeading(line: string): boolean {
  return /^#{2,6}[^#\s]|^#\p{Lu}/u.test(line.trimStart());
}
