/** The part of github-slugger 1.5 that is used here; the package brings no types. */
declare module 'github-slugger' {
  class GithubSlugger {
    /** The anchor GitHub gives a heading of this text: unique within one slugger, repeats are numbered. */
    slug(text: string): string;
  }
  export = GithubSlugger;
}
