/** What the weekly "I am alive" is made of. */
export interface AliveFacts {
  /** Services whose own tasks reported a moment ago, and those that did not, with when they did last. */
  readonly services: { readonly up: readonly string[]; readonly silent: readonly SilentService[] };
  /** How many processes stand how now, how many nobody owns, and how many were certified within the week. */
  readonly processes: {
    readonly certified: number;
    readonly due: number;
    readonly overdue: number;
    readonly updating: number;
    readonly uncertified: number;
    readonly unowned: number;
    readonly certifiedThisWeek: number;
  };
  readonly alerts: { readonly raised: number; readonly critical: number; readonly open: number };
  /** Of the products that report, how many reported the week that ended last, and what those are called that did not. */
  readonly kpis: { readonly reported: number; readonly missing: readonly string[] };
  readonly tasksDown: number;
  readonly deadLetters: number;
  /** What became of the last message on each way of the fallback; empty where none is set. */
  readonly fallback: readonly FallbackFact[];
}

export interface SilentService {
  readonly name: string;
  /** Null where nothing was ever heard. */
  readonly lastAt: Date | null;
}

export interface FallbackFact {
  readonly way: string;
  /** When something arrived last; null where nothing ever did. */
  readonly provedAt: Date | null;
  /** Whether the last try has failed since then. */
  readonly isFailing: boolean;
}
