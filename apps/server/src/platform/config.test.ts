import { expect, test } from 'vitest'

import { ConfigError, loadConfig, requireWecom } from './config.ts'

const good = {
  PUBLIC_URL: 'https://guide.shop.cn',
  DATA_DIR: '/var/lib/guidebar',
  WECOM_CORP_ID: 'ww5f2a9c31d7be4608',
  WECOM_AGENT_ID: '1000014',
  WECOM_SECRET: 'Zk3vQ9mT7cL4zP1wXy8bN2rD6hG5jK0s',
}

function wrongIn(env: Record<string, string | undefined>): string[] {
  try {
    loadConfig({ ...good, ...env })
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.variables
  }
}

test('the least that is needed gives a whole configuration, frozen', () => {
  const config = loadConfig(good)

  expect(config).toMatchObject({
    port: 4600,
    host: '127.0.0.1',
    apiReference: false,
    trustProxy: false,
    adminUserIds: [],
  })
  expect(config.wecom.apiUrl).toBe('https://qyapi.weixin.qq.com')
  expect(Object.isFrozen(config) && Object.isFrozen(config.wecom)).toBe(true)
})

test('every missing and wrong setting is named at once, and no value', () => {
  const wrong = {
    PORT: 'canary-port',
    WECOM_SECRET: 'canary',
    MONGODB_URI: 'canary://user:pass@host',
    LOG_LEVEL: 'canary',
  }

  const start = () => loadConfig({ ...wrong, WECOM_CORP_ID: 'ww5f2a9c31d7be4608' })

  expect(start).toThrow('Missing or wrong settings: LOG_LEVEL, MONGODB_URI, PORT, PUBLIC_URL, WECOM_SECRET')
  expect(start).not.toThrow(/canary/)
})

test('the corp may be left to the admin panel; who needs one says which settings are missing', () => {
  const { WECOM_CORP_ID: _, WECOM_SECRET: __, ...rest } = good
  const config = loadConfig(rest)

  expect(config.wecom).toMatchObject({ corpId: null, agentId: '1000014', secret: null })
  expect(() => requireWecom(config)).toThrow('Missing or wrong settings: WECOM_CORP_ID, WECOM_SECRET')
})

test.each([
  ['PUBLIC_URL', 'http://guide.shop.cn'],
  ['PUBLIC_URL', 'https://guide.shop.cn/path'],
  ['PUBLIC_URL', 'https://user:pass@guide.shop.cn'],
  ['WECOM_API_URL', 'http://qyapi.weixin.qq.com'],
  ['WECOM_SECRET', 'example-secret-of-the-manual'],
  ['WECOM_CALLBACK_AES_KEY', 'tooShort'],
  ['WECOM_VERIFY_FILE', '../../etc/passwd=x'],
  ['TRUST_PROXY', '1'],
  ['TRUST_PROXY', 'true'],
  ['TRUST_PROXY', '10.0.0.0/64'],
  ['ADMIN_USER_IDS', 'LinXia, '],
  ['OPS_TOKEN', 'short'],
  ['API_REFERENCE', 'yes'],
])('%s=%s is refused', (name, value) => {
  expect(wrongIn({ [name]: value })).toContain(name)
})

test('half of the callback settings is a mistake', () => {
  expect(wrongIn({ WECOM_CALLBACK_TOKEN: 'abc123' })).toEqual(['WECOM_CALLBACK_AES_KEY'])
})

test('values are read as what they mean', () => {
  const config = loadConfig({
    ...good,
    PUBLIC_URL: 'http://127.0.0.1:4600/',
    TRUST_PROXY: '10.0.0.0/8, ::1',
    ADMIN_USER_IDS: 'LinXia, wang.wei@shop',
    WECOM_VERIFY_FILE: 'WW_verify_aB3.txt=aB3',
  })

  expect(config).toMatchObject({
    publicUrl: 'http://127.0.0.1:4600',
    trustProxy: ['10.0.0.0/8', '::1'],
    adminUserIds: ['LinXia', 'wang.wei@shop'],
    verifyFile: { name: 'WW_verify_aB3.txt', content: 'aB3' },
  })
})
