/** The window over the sample world, for the suite of the pages. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import page from './vite.renderer.config.ts';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({ ...page, build: { ...page.build, outDir: path('out/sample'), rolldownOptions: { ...page.build?.rolldownOptions, input: path('src-renderer/testing/index.html') } } });
