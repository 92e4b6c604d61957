/** The proxy that the environment names for an address, if any: `https_proxy`, `http_proxy`, `no_proxy` as curl has them. */
export function proxyFor(url: URL, environment: NodeJS.ProcessEnv): string | undefined {
  const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const proxy = environment[name] || environment[name.toUpperCase()];
  const exceptions = environment.no_proxy || environment.NO_PROXY || '';
  return proxy && !isException(url, exceptions) ? proxy : undefined;
}

/** Entries are `*`, or host names with or without a port; a name stands for the hosts below it too. */
function isException(url: URL, exceptions: string): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true;
      const [, name, onPort] = /^\*?\.?(.+?)(?::(\d+))?$/.exec(entry) ?? [];
      if (name === undefined || (onPort !== undefined && onPort !== port)) return false;
      return url.hostname === name || url.hostname.endsWith(`.${name}`);
    });
}
