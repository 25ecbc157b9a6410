/** Builds the window over the sample world once, before two workers ask for it. */
import { ensureSamplePage } from '../../scripts/lib/page.mjs';

export default function buildSamplePage(): void {
  ensureSamplePage();
}
