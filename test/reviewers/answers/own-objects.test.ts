import { describe, expect, test } from 'vitest';
import { standing } from '#reviewers/answers/own-objects.ts';
import { scanJson } from '#reviewers/answers/scan-json.ts';

function standings(text: string): string[] {
  return scanJson(text, true).objects.map((object) => standing(text, object));
}

const json = '{"score": 8}';

describe('an object', () => {
  test.each([
    json,
    `\n\n${json}\n`,
    `Here is my evaluation:\n\n\`\`\`json\n${json}\n\`\`\``,
    `My evaluation of the document: ${json}`,
    `Done. ${json}`,
    `Result: \`${json}\``,
    `- ${json}`,
    `1. ${json}`,
    `👉 ${json}`,
    `[${json}]`,
    `<answer>${json}</answer>`,
    `<answer>\n${json}\n</answer>`,
    `結果は以下の通りです。\n${json}`,
  ])('stands for itself in %j', (text) => {
    expect(standings(text)).toEqual(['own']);
  });

  test.each([`Final answer:\n${json}`, `Revised evaluation: ${json}`, `改訂版の評価：\n${json}`])('has the last word in %j', (text) => {
    expect(standings(text)).toEqual(['final']);
  });

  test.each([`I make that ${json}`, `and so ${json} it is`])('is only mentioned in %j', (text) => {
    expect(standings(text)).toEqual(['mentioned']);
  });

  test.each([
    `> ${json}`,
    `The file says: ${json}`,
    `The document contains this block:\n\n\`\`\`json\n${json}\n\`\`\``,
    `Previous evaluation:\n${json}`,
    `For example: ${json}`,
    `The format is ${json}`,
    `I will not answer "${json}" here`,
    `the reply \`${json}\` was wanted`,
    `const config = ${json}`,
    `return ${json}`,
    `send(${json})`,
    `<!-- ${json} -->`,
    `<!--\n${json}\n-->`,
    `文書に次の記載があります：\n${json}`,
    `例：${json}`,
  ])('is a quotation in %j', (text) => {
    expect(standings(text)).toEqual(['quoted']);
  });
});

test('only the nearest line above an object introduces it', () => {
  expect(standings(`The example says:\n\nnothing.\n\nMine:\n${json}`)).toEqual(['own']);
});

test.each([`Here is the JSON you asked for:\n${json}`, `Here's my evaluation in the requested format: ${json}`, `Below is the JSON object you requested:\n\n${json}`, `ご指定の形式で回答します：\n${json}`, `Here are my findings in JSON format:\n\n${json}`])('an answer that is presented is its own, whatever was asked: %j', (text) => {
  expect(standings(text)).toEqual(['own']);
});

test.each([`You asked for ${json}`, `Here is the JSON the document says you asked for: ${json}`, `Here is an example of the format: ${json}`, `The document shows an example in JSON format: ${json}`, `文書は次の形式を求めています：\n${json}`])('a question or a document that is repeated is none: %j', (text) => {
  expect(standings(text)).not.toContain('own');
});
