import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** Seals short secrets for the database. */
export type SecretBox = {
  /** @param context what the secret belongs to; opening it under another name fails */
  seal(text: string, context: string): string
  /** @returns null when it was sealed with another key, for another context, or was changed */
  open(sealed: string, context: string): string | null
  /** Whether the first key sealed it: what an older one sealed wants to be sealed anew. */
  isCurrent(sealed: string): boolean
  /** Says whether two secrets are equal without keeping them. */
  digest(text: string): string
  /** The same by each key, for finding what was written under an older one. */
  digests(text: string): string[]
}

/**
 * AES-256-GCM with keys derived from secrets of the configuration. The first seals, all open: so a key can be changed
 * while servers with the old one and with the new one run side by side. The key's id stands in each record.
 */
export function createSecretBox(secret: string, ...older: string[]): SecretBox {
  const [first, ...others] = [secret, ...older].map(deriveKeys) as [Keys, ...Keys[]]
  const all = [first, ...others]
  const keyIdOf = (sealed: string) => sealed.split('.', 1)[0]

  return {
    seal(text, context) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', first.key, iv).setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return [first.keyId, iv.toString('base64'), cipher.getAuthTag().toString('base64'), body.toString('base64')].join(
        '.',
      )
    },

    open(sealed, context) {
      const [id, iv = '', tag = '', body = ''] = sealed.split('.')
      const known = all.find(({ keyId }) => keyId === id)
      if (!known) return null
      try {
        const decipher = createDecipheriv('aes-256-gcm', known.key, Buffer.from(iv, 'base64'), { authTagLength: 16 })
        decipher.setAAD(Buffer.from(context)).setAuthTag(Buffer.from(tag, 'base64'))
        return Buffer.concat([decipher.update(Buffer.from(body, 'base64')), decipher.final()]).toString('utf8')
      } catch {
        return null
      }
    },

    isCurrent: (sealed) => keyIdOf(sealed) === first.keyId,
    digest: (text) => digestWith(first, text),
    digests: (text) => all.map((keys) => digestWith(keys, text)),
  }
}

type Keys = { key: Buffer; digestKey: Buffer; keyId: string }

function deriveKeys(secret: string): Keys {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', `guidebar/${use}`, 32))
  const key = derive('at-rest')
  return { key, digestKey: derive('digest'), keyId: createHash('sha256').update(key).digest('hex').slice(0, 8) }
}

const digestWith = ({ digestKey }: Keys, text: string) => createHmac('sha256', digestKey).update(text).digest('hex')
