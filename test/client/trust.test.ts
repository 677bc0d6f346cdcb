import { statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProjectFile, trustOf, trustProject, untrustProject } from '#client/trust.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

let scratch: Scratch;
let stateDir: string;
beforeEach(() => {
  scratch = makeScratch('trust');
  stateDir = join(scratch.outside, 'state');
});
afterEach(() => scratch.remove());

const text = 'checks: [{ name: tests, command: [npm, test] }]\nreview: { target: 90 }\n';
const sha256 = createHash('sha256').update(text).digest('hex');

describe('trust in a project', () => {
  it('is pinned to the very bytes of its settings file, and lists what it grants', async () => {
    scratch.put('koubou.yaml', text);
    expect(trustOf(stateDir, scratch.root, sha256)).toBe('unknown');
    expect(await trustProject(stateDir, scratch.root)).toEqual({ directory: scratch.root, sha256, granted: ['checks'] });
    expect(trustOf(stateDir, scratch.root, sha256)).toBe('trusted');
    expect(trustOf(stateDir, scratch.root, 'other')).toBe('changed');
    expect(trustOf(stateDir, scratch.outside, sha256)).toBe('unknown');
  });

  it('is renewed for a changed file, and kept per project', async () => {
    scratch.put('koubou.yaml', text);
    scratch.put('inner/koubou.yaml', 'checks: []\n');
    await trustProject(stateDir, scratch.root);
    await trustProject(stateDir, join(scratch.root, 'inner'));
    scratch.put('koubou.yaml', `${text}# more`);
    const { sha256: renewed } = await trustProject(stateDir, scratch.root);
    expect([trustOf(stateDir, scratch.root, renewed), trustOf(stateDir, scratch.root, sha256)]).toEqual(['trusted', 'changed']);
    expect(trustOf(stateDir, join(scratch.root, 'inner'), readProjectFile(join(scratch.root, 'inner'))!.sha256)).toBe('trusted');
  });

  it('is the same by whatever link the project is reached', async () => {
    scratch.put('koubou.yaml', text);
    const link = join(scratch.outside, 'link');
    symlinkSync(scratch.root, link);
    await trustProject(stateDir, link);
    expect(trustOf(stateDir, scratch.root, sha256)).toBe('trusted');
  });

  it('can be taken back', async () => {
    scratch.put('koubou.yaml', text);
    expect(untrustProject(stateDir, scratch.root)).toBe(false);
    await trustProject(stateDir, scratch.root);
    expect(untrustProject(stateDir, scratch.root)).toBe(true);
    expect(trustOf(stateDir, scratch.root, sha256)).toBe('unknown');
  });

  it('is kept where only the user reads and writes', async () => {
    scratch.put('koubou.yaml', text);
    await trustProject(stateDir, scratch.root);
    expect([statSync(stateDir).mode & 0o777, statSync(join(stateDir, 'trust.json')).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  it('is not given to a missing, broken or linked file', async () => {
    await expect(trustProject(stateDir, scratch.root)).rejects.toMatchObject({ kind: 'InvalidInput', code: 'CONFIG_NOT_FOUND' });
    scratch.put('koubou.yaml', 'checks: 3');
    await expect(trustProject(stateDir, scratch.root)).rejects.toMatchObject({ kind: 'Misconfigured', code: 'CONFIG_INVALID' });
    symlinkSync(join(scratch.root, 'koubou.yaml'), join(scratch.outside, 'koubou.yaml'));
    await expect(trustProject(stateDir, scratch.outside)).rejects.toMatchObject({ kind: 'InvalidInput', code: 'PATH_SYMLINK' });
    expect(() => statSync(join(stateDir, 'trust.json'))).toThrow('ENOENT');
  });

  it.each(['[]', 'null', '"x"', '{"/p": 3}'])('is nobody\'s where its file holds %s', async (stored) => {
    scratch.put('koubou.yaml', text);
    await trustProject(stateDir, scratch.root);
    writeFileSync(join(stateDir, 'trust.json'), stored);
    expect(trustOf(stateDir, scratch.root, sha256)).toBe('unknown');
  });

  it('asks for repair where its file is no JSON', () => {
    scratch.put('state/trust.json', '{');
    expect(() => trustOf(join(scratch.root, 'state'), scratch.root, sha256)).toThrow(expect.objectContaining({ kind: 'Misconfigured', code: 'STATE_FILE_UNREADABLE' }));
  });

  it('is about a file of 64 KB at most', () => {
    scratch.put('koubou.yaml', `#${'x'.repeat(64 * 1024)}`);
    expect(() => readProjectFile(scratch.root)).toThrow(expect.objectContaining({ kind: 'InvalidInput', code: 'TOO_LARGE' }));
  });
});
