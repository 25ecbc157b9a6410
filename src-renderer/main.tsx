/** Starts the window: the way to the node, the words, the pages. */
import { startWindow } from './start-window.tsx';
import { connect } from './models/client.ts';

await startWindow(connect());
