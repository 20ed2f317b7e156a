/** Query arguments that open doors, or name a person by a one-time proof. */
const SECRET_ARGUMENTS =
  /([?&](?:access_token|corpsecret|suite_access_token|provider_access_token|ticket|code)=)[^&#\s"']*/gi

/**
 * Makes a WeCom address (or a text that holds one) fit for a log: WeCom wants its secrets in the query.
 * Meant as a last fence; our own errors carry the path alone.
 */
export const redactUrl = (text: string): string => text.replace(SECRET_ARGUMENTS, '$1***')
