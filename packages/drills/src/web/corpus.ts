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

/** Ids in an address that are none: operators, ways out of the folder, half characters. */
export const hostileIds: string[] = [
  '%24ne',
  '%7B%22%24ne%22%3Anull%7D',
  '__proto__',
  'constructor',
  '%00',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '%F0%9F%99%82',
  '%u0041',
  'a'.repeat(127),
  "'%20or%201=1",
]

/** Headers and cookies that a browser never sends. */
export const hostileHeaders: Record<string, string>[] = [
  { cookie: '__Host-guidebar-admin=' },
  { cookie: '__Host-guidebar-admin={"$ne":null}; __Host-guidebar-guide[$ne]=1; __proto__=1; =x; ;;' },
  { cookie: `__Host-guidebar-guide=${'a'.repeat(4_000)}` },
  { authorization: 'Bearer {"$ne":null}' },
  { authorization: 'Basic Og==' },
  { 'accept-language': `${'zh-CN,'.repeat(500)}__proto__;q=x` },
  { 'if-none-match': `"${'a'.repeat(2_000)}", W/"x` },
  {
    'x-forwarded-for': '127.0.0.1, {"$ne":null}',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'javascript',
  },
  { range: 'bytes=-1,9-1', accept: '*/*;q=__proto__', 'content-type': 'application/json;charset=x' },
]

const patterns = [
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
  '%',
  '{$ne:1}',
  '(?:a|b|ab)*c',
  '(x+x+)+y',
  '[^]*',
  '\\p{L}+',
  '(?<!a)b',
  '(路人|路)+$',
  '路.*人',
  '\\d+',
  '*',
  '+',
  '?',
  '|',
]
/** Patterns that a careless search would run for ever, or take for everything: alone, doubled, between, and long. */
export const hostileSearches: string[] = [
  ...patterns.flatMap((pattern) => [
    pattern,
    `${pattern}${pattern}`,
    `^${pattern}`,
    `${pattern}$`,
    `(${pattern}){9}`,
    `(?i)${pattern}`,
    `${pattern}|.*`,
    pattern.repeat(20).slice(0, 60),
  ]),
  '\u0000',
  '🙂'.repeat(20),
  '\uFFFD\u202E.*',
  'q'.repeat(64),
].filter((text) => !/^[\s'’]*$/.test(text))

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
  ...['evil.example', '%65vil.example', 'evil。example', '[::ffff:1.2.3.4]', '0x7f.1'].flatMap((host) => [
    `http://${host}`,
    `//${host}/admin/`,
    `/\\${host}/admin/`,
    `/admin/../\\${host}`,
    `/admin\\@${host}`,
    `/%09/${host}`,
    `\u2028//${host}`,
  ]),
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
    ...['evil.example', 'evil.example:443', `${hostname}.evil.example`].flatMap((foreign) => [
      `http://${foreign}/sidebar/`,
      `http://${foreign}/?${host}`,
      `http://${foreign}\\@${host}/`,
      `${origin}@${foreign}/`,
      `${origin}.${foreign}/`,
      ` http://${foreign}/`,
    ]),
    `http://${hostname}:${port}0/`,
    `http:/\t/evil.example/`,
    `HTTP://EVIL.EXAMPLE/${host}`,
    `data:text/html,${origin}/`,
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
  ...['=', '+', '-', '@', '＝', '＠'].flatMap((sign) => [`\u2060${sign}1`, `\u2003${sign}1`]),
]
