import { describe, expect, test } from 'vitest';
import { isSlipOfTheKey } from '#reviewers/engines/slip-of-the-key.ts';

describe('a misspelt name', () => {
  test.each([
    ['quantitiy', 'quantity'],
    ['quantty', 'quantity'],
    ['qauntity', 'quantity'],
    ['quandity', 'quantity'],
    ['userid', 'userId'],
    ['custmer', 'customer'],
  ])('is a slip of the key where one letter went wrong: %s for %s', (written, meant) => {
    expect(isSlipOfTheKey(written, meant)).toBe(true);
  });

  test.each([
    ['item', 'items', 'too short'],
    ['order', 'orders', 'only the end differs: these are two things'],
    ['price1', 'price2', 'numbers are told apart on purpose'],
    ['x1value', 'x2value', 'numbers are told apart on purpose'],
    ['minimum', 'maximum', 'two letters'],
    ['length', 'height', 'another word'],
    ['total', 'total', 'the same'],
    ['Order1', 'order1', 'a class and one of its objects'],
  ])('may be another name: %s beside %s (%s)', (written, meant) => {
    expect(isSlipOfTheKey(written, meant)).toBe(false);
  });
});
