import { ref } from 'vue'

const storedName = 'guidebar.send-at-once'

function read(): boolean {
  try {
    return localStorage.getItem(storedName) === 'on'
  } catch {
    return false
  }
}
/** Whether a tap sends what is complete without a preview before it; for guides who know their replies by heart. */
export const sendsAtOnce = ref(read())

export function saveSendsAtOnce(on: boolean): void {
  sendsAtOnce.value = on
  try {
    if (on) localStorage.setItem(storedName, 'on')
    else localStorage.removeItem(storedName)
  } catch {
    // Kept until the page is closed.
  }
}
