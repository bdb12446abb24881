// The customers of a business: search, add, rename in place. Everything it calls is in the generated client.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type FormEvent, StrictMode, useEffect, useId, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import { useCustomersCreate, useCustomersFind, useCustomersUpdate } from "../client/src/hooks.ts";
import {
  createClient,
  type Customer,
  customersFind,
  type CustomersUpdateInput,
  type FieldProblems,
  type Refusal,
} from "../client/src/index.ts";
import { optimisticRow } from "../client/src/query.ts";
import { ClientContext } from "../client/src/react.ts";
import "./customers.css";

/** How long somebody pauses who has finished typing, in milliseconds. */
const PAUSE = 200;

interface Rights {
  create: boolean;
  update: boolean;
}

function Customers({ rights }: { rights: Rights }) {
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(1);
  const wanted = usePaused(search.trim());
  const found = useCustomersFind({ page, ...(wanted ? { search: wanted } : {}) }, { keep: true });
  const pages = found.data?.meta.total_pages ?? 1;
  return (
    <>
      <form role="search" className="card" onSubmit={(event) => event.preventDefault()}>
        <Field label="Search" type="search" value={search} maxLength={100} onValue={(text) => (setSearch(text), setPage(1))} />
      </form>
      {rights.create && <Add />}
      <section aria-label="Customers" aria-busy={found.isFetching}>
        <p role="status" className="quiet">
          {found.data ? counted(found.data.meta.total) : found.isPending ? "Loading …" : ""}
        </p>
        {found.error && <Alert refusal={found.error} />}
        <ul className="cards">
          {found.data?.data.map((customer) => (
            <Row key={customer.id} customer={customer} renamable={rights.update} />
          ))}
        </ul>
        {pages > 1 && (
          <nav aria-label="Pages" className="row">
            <button type="button" disabled={page <= 1} onClick={() => setPage(page - 1)}>Earlier</button>
            <span>{`Page ${page} of ${pages}`}</span>
            <button type="button" disabled={page >= pages} onClick={() => setPage(page + 1)}>Later</button>
          </nav>
        )}
      </section>
    </>
  );
}

function Add() {
  const create = useCustomersCreate();
  const first = useRef<HTMLInputElement>(null);
  const [form, setForm] = useState({ name: "", email: "", phone: "" });
  const add = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      { name: form.name, email: form.email || null, phone: form.phone || null },
      { onSuccess: () => (setForm({ name: "", email: "", phone: "" }), first.current?.focus()) },
    );
  };
  const errors = create.error?.errors ?? {};
  const set = (member: keyof typeof form) => (text: string) => setForm({ ...form, [member]: text });
  return (
    <form className="card" aria-label="Add a customer" noValidate onSubmit={add}>
      <h2>Add a customer</h2>
      {create.error && <Alert refusal={create.error} />}
      <Field label="Name" value={form.name} onValue={set("name")} problems={errors} member="name" input={first} />
      <Field label="E-mail address" type="email" value={form.email} onValue={set("email")} problems={errors} member="email" />
      <Field label="Phone number" type="tel" value={form.phone} onValue={set("phone")} problems={errors} member="phone" />
      <button type="submit" disabled={create.isPending}>Add</button>
    </form>
  );
}

function Row({ customer, renamable }: { customer: Customer; renamable: boolean }) {
  const [name, setName] = useState<string | null>(null);
  const rename = useCustomersUpdate(
    optimisticRow(customersFind, (row, { name: wanted }: CustomersUpdateInput) => ({ ...row, name: wanted ?? row.name })),
  );
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (name === null) return;
    setName(null);
    const { id, version } = customer;
    rename.mutate({ id, version, name }, { onError: () => setName(name) });
  };
  return (
    <li className="card">
      {name === null ? (
        <div className="row">
          <strong>{customer.name}</strong>
          {renamable && (
            <button type="button" className="plain" aria-label={`Rename ${customer.name}`} onClick={() => setName(customer.name)}>
              Rename
            </button>
          )}
        </div>
      ) : (
        <form noValidate aria-label={`Rename ${customer.name}`} onSubmit={save}>
          <Field label="New name" value={name} onValue={setName} problems={rename.error?.errors ?? {}} member="name" eager />
          <div className="row">
            <button type="submit">Save</button>
            <button type="button" className="plain" onClick={() => (rename.reset(), setName(null))}>Cancel</button>
          </div>
        </form>
      )}
      <p className="quiet">{[customer.email, customer.phone].filter(Boolean).join(" · ") || "No address, no number"}</p>
      {rename.error && <Alert refusal={rename.error} />}
    </li>
  );
}

interface FieldProps {
  label: string;
  value: string;
  onValue: (text: string) => void;
  type?: string;
  maxLength?: number;
  problems?: FieldProblems;
  member?: string;
  input?: React.Ref<HTMLInputElement>;
  eager?: boolean;
}

/** A labeled input with what is wrong beside it. */
function Field({ label, value, onValue, type = "text", maxLength, problems, member = "", input, eager }: FieldProps) {
  const id = useId();
  const wrong = problems?.[member]?.map(({ message }) => message).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        ref={input}
        type={type}
        value={value}
        maxLength={maxLength}
        autoComplete="off"
        autoFocus={eager}
        aria-invalid={wrong ? true : undefined}
        aria-describedby={wrong ? `${id}-wrong` : undefined}
        onChange={({ target }) => onValue(target.value)}
      />
      {wrong && <p id={`${id}-wrong`} className="error">{wrong}</p>}
    </div>
  );
}

function Alert({ refusal }: { refusal: Refusal }) {
  return <p role="alert" className="error">{refusal.detail}</p>;
}

function usePaused(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function counted(total: number): string {
  return total === 1 ? "1 customer" : `${total} customers`;
}

const place = document.getElementById("customers");
if (place) {
  const rights = { create: "create" in place.dataset, update: "update" in place.dataset };
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={new QueryClient()}>
        <ClientContext value={createClient({ language: document.documentElement.lang })}>
          <Customers rights={rights} />
        </ClientContext>
      </QueryClientProvider>
    </StrictMode>,
  );
}
