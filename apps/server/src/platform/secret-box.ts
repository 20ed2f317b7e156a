import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** Seals short secrets for the database. */
export type SecretBox = {
  /** @param context what the secret belongs to; opening it under another name fails */
  seal(text: string, context: string): string
  /** @returns null when it was sealed with another key, for another context, or was changed */
  open(sealed: string, context: string): string | null
  /** Says whether two secrets are equal without keeping them. */
  digest(text: string): string
}

/**
 * AES-256-GCM with a key derived from a secret of the configuration. The key's id stands in each record, so that what
 * an older key sealed is seen as such.
 */
export function createSecretBox(secret: string): SecretBox {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', `guidebar/${use}`, 32))
  const key = derive('at-rest')
  const digestKey = derive('digest')
  const keyId = createHash('sha256').update(key).digest('hex').slice(0, 8)

  return {
    seal(text, context) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return [keyId, iv.toString('base64'), cipher.getAuthTag().toString('base64'), body.toString('base64')].join('.')
    },

    open(sealed, context) {
      const [id, iv = '', tag = '', body = ''] = sealed.split('.')
      if (id !== keyId) return null
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), { authTagLength: 16 })
        decipher.setAAD(Buffer.from(context)).setAuthTag(Buffer.from(tag, 'base64'))
        return Buffer.concat([decipher.update(Buffer.from(body, 'base64')), decipher.final()]).toString('utf8')
      } catch {
        return null
      }
    },

    digest: (text) => createHmac('sha256', digestKey).update(text).digest('hex'),
  }
}
