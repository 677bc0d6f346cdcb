// Writes koubou.mcpb, a bundle that desktop clients install with a click: a zip with a manifest that starts the installed
// `koubou`. The program itself is not in it: with Temporal's libraries for one platform it would be hundreds of megabytes.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const { name, version, description, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

export const manifest = {
  manifest_version: '0.3',
  name,
  display_name: 'Koubou',
  version,
  description,
  author: { name: 'Koubou' },
  license,
  server: { type: 'binary', entry_point: 'README.md', mcp_config: { command: 'koubou', args: ['mcp', '--root', '${user_config.folder}'] } },
  user_config: { folder: { type: 'directory', title: 'Folder', description: 'Paths of reviews must lie in it', required: true } },
  tools_generated: true,
  prompts_generated: true,
  compatibility: { platforms: ['darwin', 'linux'] },
};

const readme = `Koubou ${version} for MCP clients\n\nNeeds the koubou command: npm install -g koubou\n`;

/** A zip of plain, uncompressed files. */
export function zip(files) {
  const [parts, entries] = [[], []];
  let offset = 0;
  for (const [file, text] of Object.entries(files)) {
    const [path, bytes] = [Buffer.from(file), Buffer.from(text)];
    // Version 2.0, names in UTF-8, stored, 1 January 1980, sizes.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(path.length, 22);
    parts.push(Buffer.from('PK\u0003\u0004'), common, path, bytes);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((0o100644 << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    entries.push(Buffer.from('PK\u0001\u0002'), Buffer.from([20, 3]), common, rest, path);
    offset += 4 + common.length + path.length + bytes.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(files).length, 4);
  end.writeUInt16LE(Object.keys(files).length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, directory, Buffer.from('PK\u0005\u0006'), end]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = process.argv[2] ?? 'koubou.mcpb';
  writeFileSync(file, zip({ 'manifest.json': `${JSON.stringify(manifest, null, 2)}\n`, 'README.md': readme }));
  process.stderr.write(`koubou: wrote ${file}\n`);
}
