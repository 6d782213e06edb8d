import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const api = process.env.FIRSTLIGHT_API ?? 'http://127.0.0.1:8099'

export default defineConfig({
  plugins: [vue()],
  // relative: the console works below any path a proxy gives it
  base: './',
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: { __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false },
  build: {
    outDir: 'target/classes/console',
    emptyOutDir: true,
    // a data: URI would need a hole in the Content-Security-Policy
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': api } },
  test: {
    environment: 'happy-dom',
    include: ['test/**/*.test.ts'],
  },
})
