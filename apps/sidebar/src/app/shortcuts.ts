import { ref } from 'vue'

const storedName = 'guidebar.keys'

/** Single-key shortcuts can be turned off: some guides dictate, and speech types letters. */
export function readKeysChoice(): boolean {
  try {
    return localStorage.getItem(storedName) !== 'off'
  } catch {
    return true
  }
}
export const shortcutsOn = ref(readKeysChoice())
export function saveKeysChoice(on: boolean): void {
  shortcutsOn.value = on
  try {
    localStorage.setItem(storedName, on ? 'on' : 'off')
  } catch {
    // Kept until the page is closed.
  }
}
