/** Sees to a Chromium for the end-to-end tests, beside whatever else goes on. */
import { ensureChromium } from './lib/chromium.mjs';

ensureChromium();
