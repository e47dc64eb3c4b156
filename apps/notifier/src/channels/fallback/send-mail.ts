import { type Transporter } from 'nodemailer';
import { type ClaimedFallback, FallbackRefused, type FallbackWay } from './fallback-delivery';

/** Each of the three may take so long, all of them together less than the lease of a delivery. */
const TIMEOUT_MS = 10_000;

export interface MailAddresses {
  readonly from: string;
  readonly to: readonly string[];
}

/** Mails over a server of SMTP. */
export class SendMail implements FallbackWay {
  readonly way = 'mail';
  private transport: Promise<Transporter> | null = null;

  /** @param url smtp://user:password@host:port, or smtps:// */
  constructor(
    private readonly url: string,
    private readonly addresses: MailAddresses,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  async send({ id, createdAt, urgency, title, text }: ClaimedFallback): Promise<void> {
    const { from, to } = this.addresses;
    // Of a mail that is sent again because nobody knows what became of it, readers show one.
    const messageId = `<recert.${createdAt.getTime()}.${id}@${from.slice(from.indexOf('@') + 1)}>`;
    const priority = urgency > 3 ? ('high' as const) : ('normal' as const);
    const headers = { 'auto-submitted': 'auto-generated' };
    this.transport ??= openTransport(this.url, this.timeoutMs);
    const transport = await this.transport;
    try {
      await transport.sendMail({ from, to: [...to], subject: title, text, messageId, priority, headers });
    } catch (error) {
      throw toFailure(error);
    }
  }
}

/** Loaded when the first mail is sent: most installations never send one. */
async function openTransport(url: string, ms: number): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  const timeouts = { connectionTimeout: ms, greetingTimeout: ms, socketTimeout: ms };
  return createTransport({ url, ...timeouts, disableFileAccess: true, disableUrlAccess: true });
}

/** What the server said is of use for whoever has to mend it; what was said to it stays here. */
function toFailure(error: unknown): Error {
  const { code, responseCode, command } = error as { code?: string; responseCode?: number; command?: string };
  const where = command === undefined || command === 'CONN' ? '' : ` at ${command.split(' ')[0]}`;
  if (responseCode === undefined) return new Error(`the mail server was not reached${where}: ${code ?? 'no reason'}`);
  const said = `the mail server answered ${responseCode}${where}`;
  return responseCode >= 500 ? new FallbackRefused(`${said}${hintOf(responseCode)}`) : new Error(said);
}

function hintOf(responseCode: number): string {
  if (responseCode === 535 || responseCode === 530) return ': is the user and the password of SMTP_URL right?';
  return responseCode === 550 || responseCode === 553 ? ': does it take FALLBACK_MAIL_FROM and FALLBACK_MAIL_TO?' : '';
}
