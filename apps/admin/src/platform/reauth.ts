import { shallowRef } from 'vue'

/** Carries the word from the window of the sign-in to the panel that waits for it. */
export const signInChannelName = 'guidebar-admin-signed-in'

/** The question who sits here, while it is open; `ReauthDialog` in the shell shows it. */
export const openReauth = shallowRef<{ answer: (done: boolean) => void } | null>(null)
let asking: Promise<boolean> | null = null

/**
 * Takes the admin through WeCom once more in a window of its own. Calls that are refused meanwhile wait for the same.
 * @returns whether to repeat the call
 */
export function askToSignInAgain(): Promise<boolean> {
  asking ??= new Promise<boolean>((resolve) => {
    openReauth.value = {
      answer(done) {
        openReauth.value = null
        asking = null
        resolve(done)
      },
    }
  })
  return asking
}
