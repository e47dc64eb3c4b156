/** The parsed variables that every service has (`KitConfig`). */
export const KIT_CONFIG = Symbol('kit config');
/** Name of the process in logs, on the bus and in metrics. */
export const PROCESS_NAME = Symbol('process name');
/** Where the bus writes what it has to say (`BusLog`). */
export const BUS_LOG = Symbol('bus log');
