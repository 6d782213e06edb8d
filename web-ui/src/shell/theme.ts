import { ref, watchEffect } from 'vue'

export type Theme = 'auto' | 'light' | 'dark'

const KEY = 'firstlight.theme'
const kept = localStorage.getItem(KEY)

/** The viewer's choice of theme; "auto" follows the system. */
export const theme = ref<Theme>(kept === 'light' || kept === 'dark' ? kept : 'auto')

watchEffect(() => {
  if (theme.value === 'auto') {
    delete document.documentElement.dataset.theme
    localStorage.removeItem(KEY)
  } else {
    document.documentElement.dataset.theme = theme.value
    localStorage.setItem(KEY, theme.value)
  }
})
