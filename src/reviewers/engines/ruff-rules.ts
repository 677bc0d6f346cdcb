import type { Category, Severity } from '#domain/finding.ts';

/** Category, severity, confidence (0.8 unless given) and CWE of the rules whose code begins like the key. */
export type RuffRule = readonly [category: Category, severity: Severity, confidence?: number, cwe?: string];

/**
 * Rules that are on, as ruff's `select`; preview rules stay off. Of the rules about taste only those that teach something:
 * 30 remarks about %-formatting hide the one about a wrong comparison.
 */
export const selected = [
  'E401', 'E703', 'E71', 'E72', 'E731', 'E9', 'W291', 'W293', 'W6', 'F', 'B', 'S', 'PERF', 'C414', 'C416', 'C419', 'PLE', 'PLW', 'PLR0124', 'PLR0133', 'PLR0206', 'PLR1704',
  'PLR1711', 'PLC0414', 'ASYNC', 'SIM115', 'SIM118', 'SIM20', 'SIM21', 'SIM22', 'RUF006', 'RUF008', 'RUF009', 'RUF010', 'RUF012', 'RUF013', 'RUF015', 'RUF016', 'RUF017', 'RUF018',
  'RUF024', 'RUF026', 'RUF032', 'RUF033', 'RUF034', 'RUF040', 'UP004', 'UP009', 'UP010', 'UP012', 'UP015', 'UP018', 'UP024', 'UP034', 'UP039', 'PIE', 'RSE', 'ISC001', 'YTT', 'LOG',
  'D101', 'D102', 'D103',
];

/**
 * Off: imports of modules that only may be misused, asserts (tests are made of them), paths of started programs, and a try in
 * a loop (free since Python 3.11).
 */
export const ignored = ['S101', 'S4', 'S603', 'S606', 'S607', 'PERF203', 'PLW0717', 'PLW1641', 'PLW2901', 'PLW3201', 'B028', 'B904'];

/** The longest key that begins a code decides. */
export const ruffRules: Readonly<Record<string, RuffRule>> = {
  'invalid-syntax': ['syntax', 'critical', 0.95],
  E: ['style', 'info'], E711: ['logic', 'low'], E712: ['style', 'low'], E721: ['logic', 'low'], E722: ['logic', 'medium'], E731: ['style', 'low'], E9: ['syntax', 'critical', 0.95],
  W: ['style', 'info'], W605: ['logic', 'medium'],
  F: ['logic', 'medium'], F401: ['logic', 'low', 0.9], F403: ['logic', 'low'], F404: ['syntax', 'critical'], F405: ['logic', 'low', 0.5],
  F501: ['logic', 'high'], F502: ['logic', 'high'], F503: ['logic', 'high'], F505: ['logic', 'high'], F506: ['logic', 'high'], F507: ['logic', 'high'], F508: ['logic', 'high'], F509: ['logic', 'high'],
  F504: ['logic', 'low'], F521: ['logic', 'high'], F522: ['logic', 'low'], F523: ['logic', 'low'], F524: ['logic', 'high'], F525: ['logic', 'high'], F541: ['style', 'low'],
  F601: ['logic', 'high'], F602: ['logic', 'high'], F621: ['logic', 'high'], F622: ['logic', 'high'], F631: ['logic', 'high'], F632: ['logic', 'high', 0.9], F633: ['logic', 'high'], F634: ['logic', 'high'],
  F70: ['syntax', 'critical'], F811: ['logic', 'medium'], F821: ['logic', 'high', 0.9], F822: ['logic', 'high'], F823: ['logic', 'high'], F841: ['logic', 'low'], F842: ['logic', 'low'], F901: ['logic', 'high'],
  B: ['logic', 'low'], B002: ['logic', 'high'], B003: ['logic', 'medium'], B005: ['logic', 'medium'], B006: ['logic', 'medium'], B007: ['style', 'low'], B008: ['logic', 'low', 0.5],
  B009: ['style', 'info'], B010: ['style', 'info'], B012: ['logic', 'medium'], B015: ['logic', 'medium'], B016: ['logic', 'high'], B018: ['logic', 'medium'], B019: ['performance', 'medium'],
  B020: ['logic', 'medium'], B021: ['logic', 'medium'], B023: ['logic', 'medium'], B025: ['logic', 'high'], B029: ['logic', 'high'], B030: ['logic', 'high'],
  B031: ['logic', 'medium'], B032: ['logic', 'medium'], B035: ['logic', 'high'], B905: ['logic', 'low', 0.5],
  S: ['security', 'medium', 0.6], S102: ['security', 'high', 0.8, 'CWE-95'], S103: ['security', 'medium', 0.8, 'CWE-732'], S104: ['security', 'low', 0.6, 'CWE-605'],
  S105: ['security', 'medium', 0.5, 'CWE-259'], S106: ['security', 'medium', 0.5, 'CWE-259'], S107: ['security', 'medium', 0.5, 'CWE-259'], S108: ['security', 'low', 0.5, 'CWE-377'],
  S110: ['logic', 'low', 0.8, 'CWE-390'], S112: ['logic', 'low', 0.8, 'CWE-390'], S113: ['logic', 'medium', 0.8, 'CWE-400'], S201: ['security', 'high', 0.8, 'CWE-94'],
  S202: ['security', 'medium', 0.6, 'CWE-22'], S301: ['security', 'medium', 0.7, 'CWE-502'], S302: ['security', 'medium', 0.7, 'CWE-502'], S303: ['security', 'medium', 0.7, 'CWE-327'],
  S304: ['security', 'high', 0.8, 'CWE-327'], S305: ['security', 'high', 0.8, 'CWE-327'], S306: ['security', 'medium', 0.8, 'CWE-377'], S307: ['security', 'high', 0.8, 'CWE-95'],
  S308: ['security', 'medium', 0.5, 'CWE-79'], S310: ['security', 'low', 0.5, 'CWE-939'], S311: ['security', 'low', 0.4, 'CWE-330'], S312: ['security', 'medium', 0.6, 'CWE-319'],
  S31: ['security', 'medium', 0.5, 'CWE-611'], S320: ['security', 'medium', 0.5, 'CWE-611'], S323: ['security', 'high', 0.8, 'CWE-295'], S324: ['security', 'medium', 0.7, 'CWE-327'],
  S501: ['security', 'high', 0.9, 'CWE-295'], S502: ['security', 'high', 0.8, 'CWE-327'], S503: ['security', 'medium', 0.8, 'CWE-327'], S504: ['security', 'low', 0.8, 'CWE-327'],
  S505: ['security', 'high', 0.8, 'CWE-326'], S506: ['security', 'high', 0.9, 'CWE-502'], S507: ['security', 'high', 0.8, 'CWE-295'], S508: ['security', 'medium', 0.8], S509: ['security', 'medium', 0.8],
  S602: ['security', 'high', 0.7, 'CWE-78'], S604: ['security', 'medium', 0.6, 'CWE-78'], S605: ['security', 'high', 0.6, 'CWE-78'], S608: ['security', 'high', 0.5, 'CWE-89'],
  S609: ['security', 'medium', 0.7, 'CWE-78'], S701: ['security', 'high', 0.7, 'CWE-79'], S702: ['security', 'medium', 0.6, 'CWE-79'], S704: ['security', 'medium', 0.5, 'CWE-79'],
  PERF: ['performance', 'low'],
  C4: ['style', 'info'], C414: ['performance', 'low'], C419: ['performance', 'low'],
  PLE: ['logic', 'high'], PLE0605: ['logic', 'low', 0.5], PLE1142: ['syntax', 'critical'], PLE25: ['security', 'medium', 0.6, 'CWE-1007'],
  PLW: ['logic', 'low'], PLW0127: ['logic', 'medium'], PLW0128: ['logic', 'medium'], PLW0129: ['logic', 'medium'], PLW0131: ['style', 'info'], PLW0133: ['logic', 'high'], PLW0406: ['logic', 'high'],
  PLW0711: ['logic', 'high'], PLW1501: ['logic', 'high'], PLW1508: ['logic', 'medium'], PLW1509: ['logic', 'medium'], PLW2101: ['logic', 'medium'], PLW0603: ['style', 'low'],
  PLR: ['style', 'info'], PLR0124: ['logic', 'medium'], PLR0133: ['logic', 'low'], PLR0206: ['logic', 'medium'], PLR1704: ['logic', 'low'], PLC: ['style', 'info'],
  ASYNC: ['performance', 'medium'], ASYNC1: ['logic', 'medium'], ASYNC109: ['style', 'info'],
  SIM: ['style', 'info'], SIM115: ['logic', 'low'], SIM22: ['logic', 'medium'], UP: ['style', 'info'], PIE: ['style', 'info'], PIE794: ['logic', 'medium'], PIE796: ['logic', 'low'],
  RSE: ['style', 'info'], ISC: ['style', 'low'], YTT: ['logic', 'medium'], LOG: ['logic', 'low'], D: ['documentation', 'low'],
  RUF: ['style', 'info'], RUF006: ['logic', 'medium'], RUF008: ['logic', 'medium'], RUF009: ['logic', 'low'], RUF012: ['logic', 'low', 0.5], RUF013: ['style', 'low'], RUF015: ['performance', 'low'],
  RUF016: ['logic', 'high'], RUF017: ['performance', 'medium'], RUF018: ['logic', 'medium'], RUF024: ['logic', 'medium'], RUF026: ['logic', 'medium'],
  RUF032: ['logic', 'medium'], RUF033: ['logic', 'medium'], RUF034: ['logic', 'medium'], RUF040: ['logic', 'medium'],
};

/**
 * Codes whose fix is taken over: the WebAssembly build does not say which of its fixes ruff calls safe, so this is our own list.
 * Ruff's unsafe ones stay out, and so do those that only shorten code.
 */
export const safeCodes = new Set([
  'F401', 'F504', 'F522', 'F541', 'F632', 'F811', 'F901', 'E703', 'E713', 'E714', 'W291', 'W293', 'W605', 'B009', 'B010', 'B013', 'B014', 'B033', 'PIE790',
  'PLC0414', 'PLE1141', 'PLE1519', 'PLE1520', 'PLE2510', 'PLE2512', 'PLE2513', 'PLE2514', 'PLE2515', 'PLR1711', 'RSE102', 'UP004', 'UP009', 'UP010', 'UP012', 'UP015', 'UP018', 'UP034', 'UP039', 'RUF010',
]);

export function ruleFor(code: string): RuffRule | null {
  for (let length = code.length; length > 0; length -= 1) {
    const rule = ruffRules[code.slice(0, length)];
    if (rule !== undefined) return rule;
  }
  return null;
}
