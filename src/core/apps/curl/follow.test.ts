import { expect, test } from 'vitest'
import { absoluteUrl, base64 } from './follow.ts'

test.each([
  ['http://b:81/x', 'http://b:81/x'],
  ['//b/x', 'http://b/x'],
  ['/x', 'http://a:8080/x'],
  ['x?y', 'http://a:8080/one/x?y'],
])('a Location of %s', (location, url) => {
  expect(absoluteUrl(location, { host: 'a', port: 8080, target: '/one/two?q=/z' })).toBe(url)
})

test.each([
  ['', ''],
  ['u', 'dQ=='],
  ['u:', 'dTo='],
  ['u:p', 'dTpw'],
  ['user:secret', 'dXNlcjpzZWNyZXQ='],
])('%s in base64', (text, encoded) => {
  expect(base64(text)).toBe(encoded)
})
