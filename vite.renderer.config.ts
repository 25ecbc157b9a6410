/** The page alone, as the headless shell serves it. */
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('src-renderer', import.meta.url)),
  base: './',
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('out/renderer', import.meta.url)),
    emptyOutDir: true,
    target: 'chrome130',
    // The content security policy allows no data: scripts or styles; fonts and images stay files as well.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    // What the first picture needs comes in one file: each of forty small ones costs more on its way than its bytes.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'words-zh', test: /locales[\\/]zh[\\/]/ }, { name: 'window', tags: ['$initial'] }] } } },
  },
});
