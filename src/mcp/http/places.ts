import { isIP } from 'node:net';

/** Which names a request may call this host by, and which pages may ask it. */
export interface Places {
  allowsHost(header: string | undefined): boolean;
  /** Programs send none; a page's must be of this machine or of the public address. */
  allowsOrigin(header: string | undefined): boolean;
}

const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * A page of another site reaches a loopback port by giving its own name that address (DNS rebinding); the Host header still
 * carries the name. Ports are not compared: a tunnel or a container publishes another one. Bound to every address, the host is
 * also called by any of them; a plain address cannot be rebound.
 */
export function allowedPlaces(host: string, publicUrl?: URL): Places {
  const names = new Set([...loopbackNames, hostName(host), ...(publicUrl === undefined ? [] : [publicUrl.hostname])]);
  const isWildcard = host === '0.0.0.0' || host === '::';
  const allowsName = (name: string): boolean => names.has(name) || (isWildcard && isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0);
  return {
    allowsHost: (header) => {
      const url = header !== undefined && /^[\w.-]+(:\d+)?$|^\[[\da-fA-F:.]+\](:\d+)?$/.test(header) ? parsed(`http://${header}`) : null;
      return url !== null && allowsName(url.hostname);
    },
    allowsOrigin: (header) => {
      if (header === undefined) return true;
      const url = parsed(header);
      if (url === null || !/^https?:$/.test(url.protocol) || url.origin !== header.toLowerCase()) return false;
      return publicUrl !== undefined && url.origin === publicUrl.origin ? true : allowsName(url.hostname) && url.hostname !== publicUrl?.hostname;
    },
  };
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function hostName(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host.toLowerCase();
}

function parsed(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
