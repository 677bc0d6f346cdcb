/** File names under which keys, passwords and logins are kept. Lower case. */
const secretNames: readonly RegExp[] = [
  /^\.env(?:\..+)?$/, /\.env$/, /^\.?(?:netrc|npmrc|pypirc|pgpass|htpasswd|git-credentials|dockercfg|s3cfg|boto)$/, /^id_(?:rsa|dsa|ecdsa|ed25519)/,
  /\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg|tfstate|tfvars)$/, /service[._-]?account.{0,200}\.json$/, /^(?:secrets?|credentials?|passwords?|passwd)$/,
  // As data only: 'secrets.ts' is a program.
  /(?:^|[._-])(?:secrets?|credentials?|passwords?|passwd)(?:[._-].{0,200})?\.(?:json|ya?ml|toml|ini|txt|conf|cfg|properties|csv|xml)$/,
];
/** What shows how such a file looks and holds nothing. */
const samples = /(?:^|[._-])(?:example|sample|template|dist)(?:[._-]|$)/;
const secretFolders: readonly string[] = ['.ssh', '.aws', '.gnupg', '.kube', '.docker', '.azure'];

/** Forms that are nothing but keys; what they stand for is at https://github.com/secretlint/secretlint and in the vendors' own notes. */
const keys: readonly RegExp[] = [
  /-----BEGIN (?:[A-Z]{1,20} ){0,3}PRIVATE KEY-----/, /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, /\bgh[pousr]_[A-Za-z0-9]{36}/, /\bgithub_pat_[A-Za-z0-9_]{60}/, /\bxox[abeprs]-[A-Za-z0-9-]{20}/,
  /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32}/, /\bAIza[0-9A-Za-z_-]{35}/, /\bnpm_[A-Za-z0-9]{36}/, /\bglpat-[A-Za-z0-9_-]{20}/, /\b[rs]k_live_[A-Za-z0-9]{20}/,
];

/** Whether a path is called as files are that hold secrets. */
export function isCalledSecret(path: string): boolean {
  const parts = path.toLowerCase().split('/');
  const name = parts.at(-1)!;
  return (secretNames.some((pattern) => pattern.test(name)) && !samples.test(name)) || parts.some((part) => secretFolders.includes(part));
}

/** Whether a text holds what can only be a key. Linear in its length. */
export function holdsKey(text: string): boolean {
  return keys.some((pattern) => pattern.test(text));
}
