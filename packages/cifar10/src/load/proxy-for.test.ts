import { describe, expect, it } from 'vitest';
import { proxyFor } from './proxy-for';

const proxy = 'http://proxy:8080';
const https = new URL('https://data.example.org/archive');

describe('proxyFor', () => {
  it('takes the variable of the protocol, small letters first', () => {
    expect(proxyFor(https, { HTTPS_PROXY: proxy })).toBe(proxy);
    expect(proxyFor(https, { https_proxy: 'http://small:1', HTTPS_PROXY: proxy })).toBe('http://small:1');
    expect(proxyFor(https, { HTTP_PROXY: proxy })).toBeUndefined();
    expect(proxyFor(new URL('http://example.org'), { http_proxy: proxy })).toBe(proxy);
    expect(proxyFor(https, {})).toBeUndefined();
  });

  it.each([
    '*',
    'example.org',
    '.example.org',
    '*.example.org',
    'localhost, Data.Example.org',
    'example.org:443',
  ])('has an exception for NO_PROXY=%s', (no) => {
    expect(proxyFor(https, { HTTPS_PROXY: proxy, NO_PROXY: no })).toBeUndefined();
  });

  it.each(['', 'ample.org', 'example.com', 'example.org:80', 'sub.data.example.org'])(
    'has none for NO_PROXY=%s',
    (no) => {
      expect(proxyFor(https, { HTTPS_PROXY: proxy, NO_PROXY: no })).toBe(proxy);
    },
  );
});
