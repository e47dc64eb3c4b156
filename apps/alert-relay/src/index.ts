export { AlertRelayModule } from './app.module';
export { alertRelayConfig, type AlertRelayConfig } from './config';
