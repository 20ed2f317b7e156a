import { ref, watch, type Ref } from 'vue'

const storedName = 'guidebar.tell-when-opened'

/** Whether the guide wants to hear when a card is opened; as it was last chosen on this device. */
export function useTellWhenOpened(): Ref<boolean> {
  const wanted = ref(read())
  watch(wanted, (on) => {
    try {
      if (on) localStorage.setItem(storedName, 'on')
      else localStorage.removeItem(storedName)
    } catch {
      // Holds for this message only.
    }
  })
  return wanted
}

function read(): boolean {
  try {
    return localStorage.getItem(storedName) === 'on'
  } catch {
    return false
  }
}
