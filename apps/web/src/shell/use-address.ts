import { useSearchParams } from 'react-router';

type Changes = Readonly<Record<string, string | null>>;

/** What stands behind the ? of the address, and how to change some of it: null or nothing takes a name away. */
export function useAddress(): [URLSearchParams, (changes: Changes) => void] {
  const [params, setParams] = useSearchParams();
  return [
    params,
    (changes) =>
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries(changes)) {
            if (value === null || value === '') after.delete(name);
            else after.set(name, value);
          }
          return after;
        },
        { replace: true },
      ),
  ];
}
