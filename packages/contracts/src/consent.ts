/** Version of the consent text a guide must have shown before a sensitive note is written down. */
export const consentVersion = '2026-11'
