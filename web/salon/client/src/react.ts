/** Hooks for React; each generated one is one of these for its action. */
import {
  type InfiniteData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { type Changes, type Cursor, endlessOf, inView, mutationOf, optionsOf, type Undo } from "./query.ts";
import type { Client, ClientRefusal, CursorMeta, NumberedMeta, Operation, Page } from "./runtime.ts";

/** Gives the client to all hooks beneath: `<ClientContext value={createClient()}>`. */
export const ClientContext = createContext<Client | null>(null);

/** The client of the nearest `ClientContext`; throws where there is none. */
export function useClient(): Client {
  const client = useContext(ClientContext);
  if (client === null) throw new Error("There is no client: put <ClientContext value={createClient()}> around this.");
  return client;
}

export interface QueryHookOptions {
  /** False: do not ask yet. */
  readonly enabled?: boolean;
  /** Keep the former answer in view while that of another input is on its way. */
  readonly keep?: boolean;
}

/** A query's answer, asked for when it is first in view. */
export function useAction<Input, Result, Failure>(
  operation: Operation<Input, Result, Failure>,
  input: Input,
  { enabled = true, keep = false }: QueryHookOptions = {},
): UseQueryResult<Result, Failure | ClientRefusal> {
  const options = optionsOf(useClient(), operation, input);
  return useQuery(keep ? { ...options, enabled, ...inView } : { ...options, enabled });
}

/** A list, page after page: `fetchNextPage()`. */
export function useEndless<Input extends object, Row, Meta extends CursorMeta | NumberedMeta, Failure>(
  operation: Operation<Input, Page<Row, Meta>, Failure>,
  input: Input,
): UseInfiniteQueryResult<InfiniteData<Page<Row, Meta>, Cursor>, Failure | ClientRefusal> {
  return useInfiniteQuery(endlessOf(useClient(), operation, input));
}

/** A mutation: `change.mutate(input)`; what it makes stale is fetched anew. */
export function useChange<Input, Result, Failure>(
  operation: Operation<Input, Result, Failure>,
  ...changes: Changes<Input>
): UseMutationResult<Result, Failure | ClientRefusal, Input, Undo[]> {
  return useMutation(mutationOf(useClient(), operation, useQueryClient(), changes));
}
