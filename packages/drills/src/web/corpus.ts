/** Bodies that are none: wrong kinds, unknown fields, operators of the database, roots of prototypes. */
export const wrongBodies: string[] = [
  '[]',
  'null',
  '7',
  '"text"',
  '{"nobodyKnowsThis":1}',
  '{"$where":"sleep(1000)"}',
  '{"$gt":""}',
  '{"__proto__":{"isAdmin":true}}',
  '{"constructor":{"prototype":{"isAdmin":true}}}',
  '{"a":',
  '{"corpId":"x","userId":{"$ne":null}}',
]

/** A query value that is an operator, or would be one for a server that unfolds names. */
export const operatorForms = (name: string): string[] => [
  `${name}[$ne]=x`,
  `${name}[$gt]=`,
  `${name}[$regex]=.*`,
  `${name}[$where]=1`,
  `${name}[]=x`,
  `${name}[__proto__][x]=1`,
  `${name}.$ne=x`,
  `$where=1`,
  `__proto__=1`,
  `constructor=1`,
]

/** Patterns that a careless search would run for ever, or take for everything. */
export const hostileSearches: string[] = [
  '^(a+)+$',
  '(.*)*',
  '.*',
  '[',
  '\\',
  '(?=a)',
  '$',
  '^',
  '(a|aa)+$',
  '([a-z]+)*!',
  '.{1,60}',
  '\u0000',
  '%',
  '{$ne:1}',
  '🙂'.repeat(20),
  'a'.repeat(64),
]

/** Where nobody may be sent after signing in. */
export const foreignPaths: string[] = [
  'https://evil.example/',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  ' //evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  '/admin/..//evil.example',
  '/admin/%2f%2fevil.example',
  '/admin/%5cevil.example',
  '/admin//evil.example',
  '/admin/../../evil',
  '/adminevil',
  '@evil.example',
  'https:evil.example',
  'https:/evil.example',
  '%2f%2fevil.example',
  '/admin/@evil.example\\',
  '//evil.example@127.0.0.1/',
  '/\\/\\/evil.example',
  '/admin/\r\nSet-Cookie: a=b',
  '/．．/evil',
  '//[::1]/',
]

/** Addresses that are not ours, or only look like ours. @param origin ours */
export function foreignPages(origin: string): string[] {
  const { host, hostname, port } = new URL(origin)
  return [
    'https://evil.example/',
    `https://${host}/`,
    `http://${host}.evil.example/`,
    `http://evil.example/${host}/`,
    `http://${host}@evil.example/`,
    `http://evil.example#${origin}/`,
    `http://evil.example?${origin}/`,
    `http://${hostname}:${Number(port) + 1}/`,
    `http://${hostname}/`,
    `http://${hostname}.:${port}/`,
    `//${host}/`,
    `javascript:${origin}/`,
    `ftp://${host}/`,
    `file:///${host}`,
    `http://localhost:${port}/`,
    `http://[::ffff:127.0.0.1]:${port}/`,
    `http:\\\\evil.example`,
    'null',
    'about:blank',
    `blob:${origin}/x`,
  ]
}

/** Where a change may not come from: header sets without, or with a foreign, origin. */
export const foreignOrigins: Record<string, string | undefined>[] = [
  { origin: undefined, 'sec-fetch-site': undefined },
  { origin: 'https://evil.example', 'sec-fetch-site': undefined },
  { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  { origin: 'null', 'sec-fetch-site': undefined },
  { origin: undefined, 'sec-fetch-site': 'cross-site' },
  { origin: undefined, 'sec-fetch-site': 'same-site' },
]

/** Cells that a table program would run, some behind blanks or in full width. */
export const formulaCells: string[] = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  '\u0000=1',
  '＝1+1',
  '＋1',
  '－1',
  '＠x',
  ' =1+1',
  '  +1',
  '\n\n-1',
  ' \t@x',
  '\u00A0=1',
  '\u3000=1',
  '\uFEFF=1',
  '\u200B=1',
  '=HYPERLINK("http://evil.example")',
  "=cmd|'/c calc'!A1",
  '@a,b',
  '-2+3',
  '=1,2',
  '="a"',
  '+"x"\n',
  '\r\n=x',
]
