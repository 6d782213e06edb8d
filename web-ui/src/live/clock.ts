import { ref } from 'vue'

/** The time that all ages on the page are told by; moves once a second. */
export const now = ref(Date.now())

setInterval(() => {
  if (!document.hidden) now.value = Date.now()
}, 1000)
document.addEventListener('visibilitychange', () => {
  now.value = Date.now()
})
