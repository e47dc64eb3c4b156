export { NotifierModule } from './app.module';
export { notifierConfig, type NotifierConfig } from './config';
