/** As much of a request as tells the address it came to. */
export interface WithAddress {
  readonly protocol: string;
  readonly host: string;
}

/**
 * How people reach this installation: as it is configured, else as this request did.
 * @returns the address without a slash at its end
 */
export function ownAddress({ protocol, host }: WithAddress, publicUrl: string | undefined): string {
  return publicUrl ?? `${protocol}://${host}`;
}
