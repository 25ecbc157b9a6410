/** Brings the MQTT broker of the tests ahead of time: `node scripts/mosquitto.mjs`. */
import { ensureMosquitto } from './lib/mosquitto.mjs';

ensureMosquitto();
