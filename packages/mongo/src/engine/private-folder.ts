import { chmod, lstat, mkdir } from 'node:fs/promises'

/**
 * Makes sure `folder` exists and is ours alone (mode 0700). In a shared place such as /tmp another user could have
 * made it first, and whoever owns it could swap what is inside.
 * @throws Error when it is not a folder or belongs to another user
 */
export async function ensurePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const found = await lstat(folder)
  if (!found.isDirectory()) throw new Error(`${folder} is not a folder`)
  if (found.uid !== currentUser()) throw new Error(`${folder} belongs to another user`)
  if (found.mode & 0o077) await chmod(folder, 0o700)
}

/** Folder name in the shared temporary folder, one for each user of the machine. */
export function perUserFolderName(): string {
  return `guidebar-${currentUser()}`
}

function currentUser(): number {
  return process.getuid?.() ?? 0
}
