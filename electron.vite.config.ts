import { fileURLToPath } from 'node:url';
import { defineConfig } from 'electron-vite';
import page from './vite.renderer.config.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Main keeps the source's folders, for workers and the keys process are started by their path beside their caller. */
export default defineConfig({
  main: {
    build: {
      outDir: at('out/main'),
      externalizeDeps: true,
      // Modules that keep their files gain nothing from it, and the bundler renames two imports of one module alike.
      minify: false,
      rolldownOptions: {
        input: {
          index: at('src-main/electron/index.ts'),
          'src-node/node-thread': at('src-node/node-thread.ts'),
          'src-node/keys/process': at('src-node/keys/process.ts'),
          'src-node/market/pdp/worker': at('src-node/market/pdp/worker.ts'),
          'src-node/chain/examination/worker': at('src-node/chain/examination/worker.ts'),
        },
        output: { format: 'es', preserveModules: true, preserveModulesRoot: at('.'), entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: at('out/preload'),
      minify: true,
      rolldownOptions: { input: { index: at('src-main/electron/preload.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: { ...page, build: { ...page.build, rolldownOptions: { ...page.build?.rolldownOptions, input: at('src-renderer/index.html') } } },
});
