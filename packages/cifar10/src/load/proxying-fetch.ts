import { proxyFor } from './proxy-for';

/**
 * A `fetch` that goes through the proxy that HTTPS_PROXY or HTTP_PROXY names, with NO_PROXY's exceptions.
 *
 * Deno and Bun do so by themselves; Node does not, and before version 24 it cannot.
 */
export function proxyingFetch(environment: NodeJS.ProcessEnv = process.env): typeof fetch {
  const doesItself = process.versions.bun !== undefined || process.versions.deno !== undefined;
  if (doesItself) return fetch;
  return async (input, init) => {
    const proxy = proxyFor(new URL(input instanceof Request ? input.url : input), environment);
    if (proxy === undefined) return fetch(input, init);
    // Node's own fetch takes no agent of another version of undici, so both come from the package.
    const undici = await import('undici');
    const options = { ...init, dispatcher: new undici.ProxyAgent(proxy) };
    return (await undici.fetch(input as string, options as object)) as unknown as Response;
  };
}
