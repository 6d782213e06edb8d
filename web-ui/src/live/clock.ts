import { ref } from 'vue'

/** The time that all ages on the page are told by. */
export const now = ref(Date.now())

/** Has it move once a second, while somebody looks. */
export function startClock(): void {
  setInterval(() => {
    if (!document.hidden) now.value = Date.now()
  }, 1000)
  document.addEventListener('visibilitychange', () => {
    now.value = Date.now()
  })
}
