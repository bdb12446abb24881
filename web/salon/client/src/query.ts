/** TanStack Query (v5): options for queries, lists and mutations; what a mutation made stale is fetched anew. */
import {
  type InfiniteData,
  infiniteQueryOptions,
  keepPreviousData,
  mutationOptions,
  type QueryClient,
  queryOptions,
  type QueryKey,
} from "@tanstack/react-query";
import {
  attempt,
  call,
  type AnyOperation,
  type Client,
  type ClientRefusal,
  type CursorMeta,
  mayRetry,
  type NumberedMeta,
  type Operation,
  type Page,
  retryDelay,
  tagsOf,
} from "./runtime.ts";

/** How often a failed call is made again. */
const AGAIN = 2;

function retrying(operation: AnyOperation) {
  return {
    retry: (failures: number, error: unknown): boolean => failures < AGAIN && mayRetry(operation, error),
    retryDelay: (failures: number, error: unknown): number => retryDelay(failures, error),
  };
}

/** The key of a query: its action, its input. `[name]` alone names all answers of the action. */
export function keyOf<Input>(operation: Operation<Input, unknown, unknown>, input: Input) {
  return [operation.name, input] as const;
}

/** Options for `useQuery`, `prefetchQuery` and the like. */
export function optionsOf<Input, Result, Failure>(
  client: Client,
  operation: Operation<Input, Result, Failure>,
  input: Input,
) {
  return queryOptions<Result, Failure | ClientRefusal, Result, readonly [string, Input]>({
    queryKey: keyOf(operation, input),
    queryFn: ({ signal }) => call(client, operation, input, { signal }),
    meta: { tags: tagsOf(operation, input) },
    ...retrying(operation),
  });
}

/** Options that keep the former list in view while another search or page is on its way. */
export const inView = { placeholderData: keepPreviousData } as const;

/** What the next page is asked for by; nothing on the first. */
export type Cursor = string | number | undefined;

/** Options for `useInfiniteQuery`: by cursor or by page number, as the list is made. */
export function endlessOf<Input extends object, Row, Meta extends CursorMeta | NumberedMeta, Failure>(
  client: Client,
  operation: Operation<Input, Page<Row, Meta>, Failure>,
  input: Input,
) {
  const member = operation.paging === "cursor" ? "after" : "page";
  return infiniteQueryOptions<
    Page<Row, Meta>,
    Failure | ClientRefusal,
    InfiniteData<Page<Row, Meta>, Cursor>,
    readonly [string, Input, "endless"],
    Cursor
  >({
    queryKey: [...keyOf(operation, input), "endless"] as const,
    queryFn: ({ pageParam, signal }) =>
      call(client, operation, pageParam === undefined ? input : { ...input, [member]: pageParam }, { signal }),
    initialPageParam: undefined,
    getNextPageParam: (last) => nextOf(last.meta),
    meta: { tags: tagsOf(operation, input) },
    ...retrying(operation),
  });
}

function nextOf(meta: CursorMeta | NumberedMeta): Cursor {
  if ("after" in meta) return meta.after ?? undefined;
  return meta.page < meta.total_pages ? meta.page + 1 : undefined;
}

/** Options for `useMutation`; `changes` show what is expected before the server has answered. */
export function mutationOf<Input, Result, Failure>(
  client: Client,
  operation: Operation<Input, Result, Failure>,
  queries: QueryClient,
  changes: Changes<Input> = [],
) {
  return mutationOptions<Result, Failure | ClientRefusal, Input, Undo[]>({
    mutationKey: [operation.name],
    mutationFn: async (input) => {
      const outcome = await attempt(client, operation, input);
      if (!outcome.ok) throw outcome.error;
      invalidate(queries, outcome.answer.invalidates);
      return outcome.value;
    },
    onMutate: async (input) => (await Promise.all(changes.map((change) => change(queries, input)))).flat(),
    onError: (_error, _input, undos) => undos?.forEach((undo) => undo()),
    ...retrying(operation),
  });
}

/** Fetch anew what is known by one of these tags; what is not in view is fetched when it is. */
export function invalidate(queries: QueryClient, tags: readonly string[]): Promise<void> {
  const stale = new Set(tags);
  if (stale.size === 0) return Promise.resolve();
  return queries.invalidateQueries({
    predicate: ({ meta }) => Array.isArray(meta?.["tags"]) && meta["tags"].some((tag) => stale.has(tag)),
  });
}

/** Puts one answer back as it was. */
export type Undo = () => void;

export type Changes<Input> = readonly Change<Input>[];

/** Shows what is expected in what is already there; gives what takes it back. */
export type Change<Input> = (queries: QueryClient, input: Input) => Promise<Undo[]>;

/** Change every answer of a query that is at hand; a refusal takes it back. */
export function optimistic<Input, Wanted, Result>(
  operation: Operation<Wanted, Result, unknown>,
  change: (answer: Result, input: Input) => Result,
): Change<Input> {
  return async (queries, input) => {
    const single = ({ queryKey }: { queryKey: QueryKey }) => queryKey.length === 2;
    const of = { queryKey: [operation.name], predicate: single };
    await queries.cancelQueries(of);
    const held = queries.getQueriesData<Result>(of);
    for (const [key, answer] of held) if (answer !== undefined) queries.setQueryData(key, change(answer, input));
    return held.map(([key, answer]) => () => {
      queries.setQueryData(key, answer);
      void queries.invalidateQueries({ queryKey: key });
    });
  };
}

/** Change rows of a list by their id, wherever the list is at hand: `changeRow(list, (row, input) => …)`. */
export function optimisticRow<
  Input extends { id: unknown },
  Wanted,
  Row extends { id: unknown },
  Meta extends CursorMeta | NumberedMeta,
>(operation: Operation<Wanted, Page<Row, Meta>, unknown>, change: (row: Row, input: Input) => Row): Change<Input> {
  return optimistic(operation, (page, input) => ({
    ...page,
    data: page.data.map((row) => (row.id === input.id ? change(row, input) : row)),
  }));
}
