/** Where clients learn who gives tokens for this host (RFC 9728): at the root, and with the path of the endpoint behind it. */
export const metadataPath = '/.well-known/oauth-protected-resource';

/** The endpoint as it is called from outside. */
export function resourceUrl(publicUrl: URL, endpoint: string): string {
  return `${publicUrl.origin}${publicUrl.pathname.replace(/\/$/, '')}${endpoint}`;
}

export function isMetadataPath(path: string, endpoint: string): boolean {
  return path === metadataPath || path === `${metadataPath}${endpoint}`;
}

/** The host checks tokens of its own; an authorization server stands, if anywhere, in the proxy before it. */
export function resourceMetadata(publicUrl: URL, endpoint: string): object {
  return { resource: resourceUrl(publicUrl, endpoint), bearer_methods_supported: ['header'], resource_name: 'Koubou' };
}

/** What a 401 says: `error` only where a token was shown (RFC 6750). */
export function challenge(publicUrl: URL | undefined, { wasShown }: { readonly wasShown: boolean }): string {
  const metadata = publicUrl === undefined ? [] : [`resource_metadata="${resourceUrl(publicUrl, metadataPath)}"`];
  return `Bearer ${['realm="koubou"', ...(wasShown ? ['error="invalid_token"'] : []), ...metadata].join(', ')}`;
}
