/** The page alone, as the headless shell serves it. */
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const FIRST_FACE = /hanken-grotesk-latin-wght-normal.*\.woff2$/;

/** Asks for the face of the first words together with the page, not when the first of them is drawn. */
const preloadFace: Plugin = {
  name: 'preload-face',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle, path }) => Object.keys(bundle ?? {}).filter((file) => FIRST_FACE.test(file)).map((file) => ({
      tag: 'link', attrs: { rel: 'preload', href: `${'../'.repeat(path.split('/').length - 2) || './'}${file}`, as: 'font', type: 'font/woff2', crossorigin: true }, injectTo: 'head' as const,
    })),
  },
};

export default defineConfig({
  root: fileURLToPath(new URL('src-renderer', import.meta.url)),
  base: './',
  plugins: [react(), preloadFace],
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
