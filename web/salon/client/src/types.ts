// Drawn by `portico client ts`: change the actions, and draw it again.

/** An e-mail address. */
export interface Address {
  email: string;
}

/** An API key, without its token, which nobody keeps. */
export interface ApiKey {
  /** A UUID. */
  id: string;
  name: string;
  hint: string;
  scopes: string[];
  rate: string | null;
  /** An instant (RFC 3339). */
  created_at: string;
  /** An instant (RFC 3339). */
  expires_at: string | null;
  /** An instant (RFC 3339). */
  last_used_at: string | null;
}

/** A booked visit. */
export interface Appointment {
  /** A UUID. */
  id: string;
  /** A UUID. */
  customer_id: string;
  /** A UUID. */
  service_id: string;
  /** A UUID. */
  staff_id: string;
  /** An instant (RFC 3339). */
  scheduled_at: string;
  /** An instant (RFC 3339). */
  ends_at: string;
  status: "booked" | "confirmed" | "completed" | "cancelled";
  notes: string | null;
  cancel_reason: string | null;
  version: number;
  /** An instant (RFC 3339). */
  created_at: string;
}

/** Absent members stay as they are; null clears what may be empty. */
export interface AppointmentChanges {
  /** "booked" unless said. */
  status?: "booked" | "confirmed" | "completed";
  notes?: string | null;
}

/** Which appointments are wanted; a day is a day in the organization's time zone. */
export interface AppointmentFilter {
  /** A day, YYYY-MM-DD. */
  day?: string | null;
  /** A UUID. */
  staff_id?: string | null;
  /** A UUID. */
  customer_id?: string | null;
  status?: "booked" | "confirmed" | "completed" | "cancelled" | null;
}

/** A signature. */
export interface Assertion {
  clientDataJSON: string;
  authenticatorData: string;
  signature: string;
  userHandle?: string | null;
}

/** One try to deliver. */
export interface Attempt {
  attempt: number;
  /** An instant (RFC 3339). */
  at: string;
  status: number | null;
  problem: string | null;
  answer: string;
  milliseconds: number;
  /** An instant (RFC 3339). */
  next_at: string | null;
}

/** Which records are wanted: all that fit all of what is given. */
export interface AuditFilter {
  action?: string | null;
  /** A UUID. */
  user_id?: string | null;
  target?: string | null;
  outcome?: "done" | "denied" | "failed" | null;
  request_id?: string | null;
  /** An instant (RFC 3339). */
  from?: string | null;
  /** An instant (RFC 3339). */
  to?: string | null;
}

/** Who did what, to what, and what came of it. */
export interface AuditRecord {
  id: number;
  /** An instant (RFC 3339). */
  at: string;
  /** A UUID. */
  user_id: string | null;
  action: string;
  target: string | null;
  outcome: "done" | "denied" | "failed";
  metadata: Record<string, unknown>;
  ip: string | null;
  user_agent: string | null;
  request_id: string;
}

/** Step 1: what the business is called, where it is, what it is paid in. */
export interface BasicInfo {
  name: string;
  slug: string;
  /** "UTC" unless said. */
  timezone?: string;
  /** "EUR" unless said. */
  currency?: "EUR" | "CHF" | "GBP" | "USD";
}

/** An appointment was booked. */
export interface Booked {
  appointment: Appointment;
}

/** An appointment will not take place. */
export interface Cancelled {
  appointment: Appointment;
  reason: string;
}

/** A code of the authenticator app. */
export interface CodeShown {
  code: string;
}

/** A new key. */
export interface Creation {
  clientDataJSON: string;
  attestationObject: string;
}

/** Who signs in. */
export interface Credentials {
  email: string;
  password: string;
}

/** A customer of the business. */
export interface Customer {
  /** A UUID. */
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  notes: string | null;
  version: number;
  /** An instant (RFC 3339). */
  created_at: string;
}

/** Absent members stay as they are; null clears what may be empty. */
export interface CustomerChanges {
  name?: string;
  email?: string | null;
  phone?: string | null;
  notes?: string | null;
}

/** Which customers are wanted. */
export interface CustomerFilter {
  search?: string | null;
}

/** An event on its way to an endpoint. */
export interface Delivery {
  /** A UUID. */
  id: string;
  /** A UUID. */
  endpoint_id: string;
  /** A UUID. */
  message_id: string;
  event: string;
  sample: boolean;
  state: "waiting" | "done" | "failed";
  attempts: number;
  status: number | null;
  problem: string | null;
  /** An instant (RFC 3339). */
  due_at: string;
  /** An instant (RFC 3339). */
  created_at: string;
  /** An instant (RFC 3339). */
  ended_at: string | null;
}

/** Which deliveries are wanted: all that fit all of what is given. */
export interface DeliveryFilter {
  state?: "waiting" | "done" | "failed" | null;
  event?: string | null;
}

/** A delivery with what is sent, and every attempt. */
export interface DeliveryShown {
  /** A UUID. */
  id: string;
  /** A UUID. */
  endpoint_id: string;
  /** A UUID. */
  message_id: string;
  event: string;
  sample: boolean;
  state: "waiting" | "done" | "failed";
  attempts: number;
  status: number | null;
  problem: string | null;
  /** An instant (RFC 3339). */
  due_at: string;
  /** An instant (RFC 3339). */
  created_at: string;
  /** An instant (RFC 3339). */
  ended_at: string | null;
  body: string;
  log: Attempt[];
}

/** What was taken over, from today on; when that was, and what was wrong the last time. */
export interface Diary {
  entries: Entry[];
  /** An instant (RFC 3339). */
  synced_at: string | null;
  problem: string | null;
}

/** Another device or place that a session was used from; `refused` where that was not let in. */
export interface Drift {
  device: string;
  place: string;
  /** An instant (RFC 3339). */
  at: string;
  refused: boolean;
}

/** How many sessions were ended. */
export interface EndedSessions {
  ended: number;
}

/** Where events are sent. */
export interface Endpoint {
  /** A UUID. */
  id: string;
  url: string;
  events: string[];
  description: string;
  enabled: boolean;
  plain_headers: boolean;
  at_once: number;
  stopped: "gone" | "failing" | null;
  /** An instant (RFC 3339). */
  stopped_at: string | null;
  failures: number;
  /** An instant (RFC 3339). */
  former_until: string | null;
  version: number;
  /** A UUID. */
  created_by: string | null;
  /** An instant (RFC 3339). */
  created_at: string;
}

/** What to change; what is not sent stays. */
export interface EndpointChanges {
  url?: string | null;
  events?: string[] | null;
  description?: string | null;
  enabled?: boolean | null;
  plain_headers?: boolean | null;
  at_once?: number | null;
  version?: number | null;
}

/** Something in the calendar, of at least an instant. */
export interface Entry {
  id: string;
  title: string;
  /** An instant (RFC 3339). */
  starts_at: string;
  /** An instant (RFC 3339). */
  ends_at: string;
}

/** An event that endpoints can be told of. */
export interface EventKind {
  name: string;
  description: string;
  json_schema: Record<string, JsonValue>;
  example: JsonValue;
}

/** Which accounts; all where nothing is said. */
export interface Filter {
  q?: string | null;
  kind?: "person" | "service" | null;
  verified?: boolean | null;
  operator?: boolean | null;
}

/** A flag of the application. */
export interface FlagShown {
  name: string;
  about: string;
  default: boolean;
  setting?: Setting | null;
  /** An instant (RFC 3339). */
  changed_at?: string | null;
}

/** A day on which most are closed. */
export interface Holiday {
  /** A day, YYYY-MM-DD. */
  day: string;
  name: string;
}

/** What became of taking a year over. */
export interface Imported {
  year: number;
  taken: number;
}

/** From and to, with 95 % confidence. */
export interface Interval {
  low: number;
  high: number;
}

/** An open invitation; it can be accepted until it expires. */
export interface Invitation {
  /** A UUID. */
  id: string;
  email: string;
  role: string;
  /** A UUID. */
  invited_by: string | null;
  /** An instant (RFC 3339). */
  created_at: string;
  /** An instant (RFC 3339). */
  expires_at: string;
}

/** What the invited sees, before signing in. */
export interface InvitationShown {
  organization: string;
  invited_by: string;
  email: string;
  role: string;
  /** An instant (RFC 3339). */
  expires_at: string;
}

/** A new API key; its token is shown here once. */
export interface IssuedApiKey {
  /** A UUID. */
  id: string;
  name: string;
  hint: string;
  scopes: string[];
  rate: string | null;
  /** An instant (RFC 3339). */
  created_at: string;
  /** An instant (RFC 3339). */
  expires_at: string | null;
  /** An instant (RFC 3339). */
  last_used_at: string | null;
  token: string;
}

/** An endpoint with a new secret, which is shown here once. */
export interface IssuedEndpoint {
  /** A UUID. */
  id: string;
  url: string;
  events: string[];
  description: string;
  enabled: boolean;
  plain_headers: boolean;
  at_once: number;
  stopped: "gone" | "failing" | null;
  /** An instant (RFC 3339). */
  stopped_at: string | null;
  failures: number;
  /** An instant (RFC 3339). */
  former_until: string | null;
  version: number;
  /** A UUID. */
  created_by: string | null;
  /** An instant (RFC 3339). */
  created_at: string;
  secret: string;
}

/** An organization's new API key; its token is shown here once. */
export interface IssuedServiceKey {
  /** A UUID. */
  id: string;
  name: string;
  hint: string;
  scopes: string[];
  rate: string | null;
  /** An instant (RFC 3339). */
  created_at: string;
  /** An instant (RFC 3339). */
  expires_at: string | null;
  /** An instant (RFC 3339). */
  last_used_at: string | null;
  /** A UUID. */
  user_id: string;
  role: string | null;
  /** A UUID. */
  created_by: string | null;
  token: string;
}

/** A job that waits, runs, or has come to its end without being done. */
export interface Job {
  /** A UUID. */
  id: string;
  name: string;
  state: "waiting" | "held" | "running" | "dead" | "cancelled";
  priority: "high" | "normal" | "low";
  attempt: number;
  attempts: number;
  /** An instant (RFC 3339). */
  due_at: string;
  /** A UUID. */
  org_id: string | null;
  /** A UUID. */
  user_id: string | null;
  key: string | null;
  problem: Problem | null;
  /** An instant (RFC 3339). */
  created_at: string;
  /** An instant (RFC 3339). */
  ended_at: string | null;
}

/** Which jobs are wanted: all that fit all of what is given. */
export interface JobFilter {
  state?: "waiting" | "held" | "running" | "dead" | "cancelled" | null;
  name?: string | null;
  priority?: "high" | "normal" | "low" | null;
  /** A UUID. */
  org_id?: string | null;
  key?: string | null;
  request_id?: string | null;
}

/** A job whole. */
export interface JobShown {
  /** A UUID. */
  id: string;
  name: string;
  state: "waiting" | "held" | "running" | "dead" | "cancelled";
  priority: "high" | "normal" | "low";
  attempt: number;
  attempts: number;
  /** An instant (RFC 3339). */
  due_at: string;
  /** A UUID. */
  org_id: string | null;
  /** A UUID. */
  user_id: string | null;
  key: string | null;
  problem: Problem | null;
  /** An instant (RFC 3339). */
  created_at: string;
  /** An instant (RFC 3339). */
  ended_at: string | null;
  input: Record<string, JsonValue> | null;
  lane: string | null;
  /** A UUID. */
  event_id: string | null;
  request_id: string;
  worker: string | null;
  /** An instant (RFC 3339). */
  leased_until: string | null;
}

export type JsonValue = unknown;

/** Input of a list by cursor: fast however long the list is. */
export interface Keyset {
  /** 20 unless said. */
  limit?: number;
  after?: string | null;
}

/** What the link of a mail brings. */
export interface LinkToken {
  token: string;
}

/** An account elsewhere that signs one in here. */
export interface LinkedIdentity {
  issuer: string;
  subject: string;
  email: string;
  /** An instant (RFC 3339). */
  created_at: string;
  /** An instant (RFC 3339). */
  last_used_at: string;
}

/** What the calendar says; nothing where it is not known. */
export interface Lookup {
  known: boolean;
  holidays: Holiday[];
}

/** Somebody who belongs. */
export interface Member {
  /** A UUID. */
  user_id: string;
  kind: "person" | "service";
  name: string;
  email: string;
  role: string;
  /** An instant (RFC 3339). */
  since: string;
}

/** An organization that one belongs to. */
export interface Membership {
  /** A UUID. */
  id: string;
  name: string;
  slug: string;
  role: string;
}

/** Deliveries that are to be made again. */
export interface Missed {
  /** "failed" unless said. */
  state?: "failed" | "done";
  /** An instant (RFC 3339). */
  since?: string | null;
  /** An instant (RFC 3339). */
  until?: string | null;
}

/** Where an appointment goes; without `staff_id` it stays with whom it was. */
export interface Move {
  /** An instant (RFC 3339). */
  scheduled_at: string;
  /** A UUID. */
  staff_id?: string | null;
}

/** An API key to be. */
export interface NewApiKey {
  name: string;
  scopes: string[];
  /** 90 unless said. */
  days?: number;
  /** An instant (RFC 3339). */
  expires_at?: string | null;
  rate?: string | null;
}

/** A visit to be; the service says how long it takes. Without `staff_id` it is with whoever is free. */
export interface NewAppointment {
  /** A UUID. */
  customer_id: string;
  /** A UUID. */
  service_id: string;
  /** A UUID. */
  staff_id?: string | null;
  /** An instant (RFC 3339). */
  scheduled_at: string;
  notes?: string | null;
}

/** A credential that was created. */
export interface NewCredential {
  id: string;
  rawId: string;
  type: "public-key";
  response: Creation;
}

/** A customer to be. */
export interface NewCustomer {
  name: string;
  email?: string | null;
  phone?: string | null;
  notes?: string | null;
}

/** Where an organization wants to be told, and of what. */
export interface NewEndpoint {
  url: string;
  events: string[];
  /** "" unless said. */
  description?: string;
  /** false unless said. */
  plain_headers?: boolean;
  /** 1 unless said. */
  at_once?: number;
}

/** Whom to invite, and as what. */
export interface NewInvitation {
  email: string;
  role: string;
}

/** An organization to be. */
export interface NewOrganization {
  name: string;
  slug: string;
  /** "UTC" unless said. */
  timezone?: string;
}

/** A passkey to be added. */
export interface NewPasskey {
  name: string;
  credential: NewCredential;
}

/** A role to be, made of permissions that the application knows. */
export interface NewRole {
  name: string;
  /** "" unless said. */
  description?: string;
  permissions: string[];
}

/** A service to be. */
export interface NewService {
  name: string;
  description?: string | null;
  duration_minutes: number;
  /** In minor units: 4500 is 45.00. 0 unless said. */
  price_minor?: number;
  /** "EUR" unless said. */
  currency?: string;
  /** true unless said. */
  active?: boolean;
}

/** An organization's API key to be; its role and its scopes are among what the caller may do. */
export interface NewServiceKey {
  name: string;
  scopes: string[];
  /** 90 unless said. */
  days?: number;
  /** An instant (RFC 3339). */
  expires_at?: string | null;
  rate?: string | null;
  /** "member" unless said. */
  role?: string;
}

/** A member of staff to be. */
export interface NewStaffMember {
  name: string;
  email?: string | null;
  title?: string | null;
  /** true unless said. */
  active?: boolean;
}

/** The session in hand has another token, which is set as a cookie too; in-process there is none. */
export interface NewToken {
  token: string | null;
}

/** Who signs up. */
export interface NewUser {
  email: string;
  password: string;
  /** "" unless said. */
  name?: string;
  /** "" unless said. */
  last_name?: string;
}

/** An account to be. */
export interface NewUserV2 {
  /** "" unless said. */
  first_name?: string;
  /** "" unless said. */
  last_name?: string;
  email: string;
}

/** Input of a list by page number, with totals: for lists of some thousands. */
export interface Numbered {
  /** 1 unless said. */
  page?: number;
  /** 20 unless said. */
  limit?: number;
}

/** A service that the business begins with. */
export interface Offer {
  name: string;
  duration_minutes: number;
  /** "0" unless said. */
  price?: number | string;
}

/** Where somebody is signed in. */
export interface OpenSession {
  /** A UUID. */
  id: string;
  device: string;
  place: string;
  method: "password" | "oidc" | "passkey" | "jwt";
  /** An instant (RFC 3339). */
  created_at: string;
  /** An instant (RFC 3339). */
  last_used_at: string;
  /** An instant (RFC 3339). */
  expires_at: string;
  current: boolean;
  drifts: Drift[];
}

/** A tenant. */
export interface Organization {
  /** A UUID. */
  id: string;
  name: string;
  slug: string;
  plan: string;
  timezone: string;
  version: number;
  /** An instant (RFC 3339). */
  created_at: string;
}

/** What to change; what is not sent stays. */
export interface OrganizationChanges {
  name?: string | null;
  timezone?: string | null;
  version?: number | null;
}

/** A passkey of one's own. */
export interface Passkey {
  /** A UUID. */
  id: string;
  name: string;
  /** An instant (RFC 3339). */
  created_at: string;
  /** An instant (RFC 3339). */
  last_used_at: string | null;
}

/** What a browser wants to know of the application, good for five minutes and one answer. */
export interface PasskeyOptions {
  options: Record<string, JsonValue>;
}

/** A passkey that has answered. */
export interface PasskeyShown {
  credential: UsedCredential;
}

/** Another password, and the one so far. */
export interface PasswordChange {
  current: string;
  new: string;
}

/** Another password, with the token of a mail. */
export interface PasswordReset {
  token: string;
  password: string;
}

/** One's password, to show that it is still oneself. */
export interface PasswordShown {
  password: string;
}

/** Something that roles are made of, and whether the caller may give it to one. */
export interface Permission {
  name: string;
  held: boolean;
}

/** Whose link it was. */
export interface PorticoModulesIdentityModelsConfirmed {
  /** A UUID. */
  user_id: string;
}

/** How the day's page looks to one person; replaced as a whole. */
export interface Preferences {
  /** An hour of the day, by the 24-hour clock. */
  first_hour: number;
  show_cancelled: boolean;
  clock: "12h" | "24h";
}

/** Why the last attempt failed, as the people who run the installation may know it. */
export interface Problem {
  code: string;
  message: string;
  attempt?: number | null;
}

/** Who one is, and where one belongs. */
export interface Profile {
  /** A UUID. */
  id: string;
  email: string;
  email_verified: boolean;
  name: string;
  last_name: string;
  two_factor: boolean;
  operator: boolean;
  version: number;
  organizations: Membership[];
  /** A UUID. */
  active_organization: string | null;
}

/** What a person changes about themselves; what is left out stays. */
export interface ProfileChanges {
  name?: string | null;
  last_name?: string | null;
  version?: number | null;
}

/** How far a draft has come. */
export interface Progress {
  steps: Record<string, JsonValue>;
  missing: string[];
  /** An instant (RFC 3339). */
  expires_at: string;
}

/** Step 3: when it is open. */
export interface Publish {
  spans: Span[];
}

/** A business that is ready to be booked. */
export interface Published {
  /** A UUID. */
  id: string;
  slug: string;
  services: number;
}

/** Codes that stand in for the authenticator app, each once; shown here alone. */
export interface RecoveryCodes {
  recovery_codes: string[];
}

/** What an experiment has come to so far. */
export interface Report {
  name: string;
  about: string;
  by: string;
  goal: string;
  variants: Variant[];
}

/** An appointment has another time, or another member of staff. */
export interface Rescheduled {
  appointment: Appointment;
  /** An instant (RFC 3339). */
  previously: string;
}

/** How much is used of one resource. */
export interface Resource {
  resource: string;
  used: number;
  limit: number;
  percentage: number;
}

/** What its members may do; one that is `built_in` is the application's and the same everywhere. */
export interface Role {
  name: string;
  /** "" unless said. */
  description?: string;
  permissions: string[];
  /** false unless said. */
  built_in?: boolean;
  version?: number | null;
}

/** What to change; what is not sent stays. */
export interface RoleChanges {
  description?: string | null;
  permissions?: string[] | null;
  version?: number | null;
}

/** The business has confirmed an appointment. */
export interface SalonAppointmentsEventsConfirmed {
  appointment: Appointment;
}

/** What came of one event in one variant. */
export interface Score {
  event: string;
  conversions: number;
  times: number;
  rate: number;
  interval: Interval;
  difference: number | null;
  difference_interval: Interval | null;
}

/** How far an organization's audit is under seals, which show whether a record was changed, removed or inserted. */
export interface Sealed {
  seals: number;
  records: number;
  upto: number | null;
  /** An instant (RFC 3339). */
  sealed_at: string | null;
  head: string | null;
}

/** The password was right, and something else is wanted too: no session is open yet. */
export interface SecondFactor {
  second_factor: string;
  methods: ("totp" | "recovery-code")[];
}

/** The second factor is on; the session in hand has another token, which is set as a cookie too. */
export interface SecondFactorOn {
  recovery_codes: string[];
  token: string | null;
}

/** The second step of signing in: a code of the app, or one of the recovery codes. */
export interface SecondFactorShown {
  ticket: string;
  code?: string | null;
  recovery_code?: string | null;
}

/** Whether a second factor is on. */
export interface SecondFactorState {
  /** An instant (RFC 3339). */
  since: string | null;
  recovery_codes: number;
}

/** Something that a customer may book. */
export interface Service {
  /** A UUID. */
  id: string;
  name: string;
  description: string | null;
  duration_minutes: number;
  price_minor: number;
  currency: string;
  active: boolean;
  version: number;
  /** An instant (RFC 3339). */
  created_at: string;
}

/** Absent members stay as they are; null clears what may be empty. Booked appointments keep their length. */
export interface ServiceChanges {
  name?: string;
  description?: string | null;
  duration_minutes?: number;
  /** In minor units: 4500 is 45.00. 0 unless said. */
  price_minor?: number;
  currency?: string;
  /** true unless said. */
  active?: boolean;
}

/** Which services are wanted. */
export interface ServiceFilter {
  active?: boolean | null;
}

/** An organization's API key. */
export interface ServiceKey {
  /** A UUID. */
  id: string;
  name: string;
  hint: string;
  scopes: string[];
  rate: string | null;
  /** An instant (RFC 3339). */
  created_at: string;
  /** An instant (RFC 3339). */
  expires_at: string | null;
  /** An instant (RFC 3339). */
  last_used_at: string | null;
  /** A UUID. */
  user_id: string;
  role: string | null;
  /** A UUID. */
  created_by: string | null;
}

/** Step 2: what it offers. */
export interface Services {
  services: Offer[];
}

/** What is to hold for a flag. */
export interface Setting {
  state: "off" | "on" | "killed";
  /** 100 unless said. */
  percentage?: number;
  /** "user" unless said. */
  by?: "user" | "org";
  /** [] unless said. */
  users?: string[];
  /** [] unless said. */
  orgs?: string[];
}

/** A new session; its token is shown here once, and set as a cookie. */
export interface SignedIn {
  /** A UUID. */
  user_id: string;
  token: string;
  /** An instant (RFC 3339). */
  expires_at: string;
}

/** Whom a mail was sent to. */
export interface SignedUp {
  email: string;
}

/** Room for the service. */
export interface Slot {
  /** An instant (RFC 3339). */
  starts_at: string;
  /** An instant (RFC 3339). */
  ends_at: string;
}

/** From when to when it is open on a day of the week; 0 is Monday. */
export interface Span {
  weekday: number;
  opens: string;
  closes: string;
}

/** Absent members stay as they are; null clears what may be empty. */
export interface StaffChanges {
  name?: string;
  email?: string | null;
  title?: string | null;
  /** true unless said. */
  active?: boolean;
}

/** Which members of staff are wanted. */
export interface StaffFilter {
  active?: boolean | null;
}

/** Someone who works in the business. */
export interface StaffMember {
  /** A UUID. */
  id: string;
  name: string;
  email: string | null;
  title: string | null;
  active: boolean;
  version: number;
  /** An instant (RFC 3339). */
  created_at: string;
}

/** What the business is subscribed to. */
export interface Subscription {
  status: "active" | "trialing" | "past_due" | "canceled" | "unpaid" | "incomplete" | "incomplete_expired" | "paused";
  plan: "pro" | "business";
  /** An instant (RFC 3339). */
  period_end: string | null;
}

/** An experiment of the application. */
export interface Summary {
  name: string;
  about: string;
  by: string;
  events: string[];
  variants: Record<string, number>;
}

/** A secret for an authenticator app; without effect until a code of the app confirms it. */
export interface TotpSetup {
  secret: string;
  uri: string;
  qr: string;
}

/** What an organization's plan allows, and how much of it is used. */
export interface UsageReport {
  plan: string;
  features: string[];
  resources: Resource[];
}

/** A credential that was used. */
export interface UsedCredential {
  id: string;
  rawId: string;
  type: "public-key";
  response: Assertion;
}

/** What to change; what is not sent stays. */
export interface UserChangesV2 {
  email_verified?: boolean | null;
  operator?: boolean | null;
  first_name?: string | null;
  last_name?: string | null;
}

/** Somebody's account. */
export interface UserV2 {
  /** A UUID. */
  id: string;
  first_name: string;
  last_name: string;
  email: string;
  /** An instant (RFC 3339). */
  created_at: string;
}

/** One variant: how many have seen it, and what came of it. */
export interface Variant {
  variant: string;
  weight: number;
  exposures: number;
  scores: Score[];
}

/** A country's year, or that of one of its regions, such as AT-9. */
export interface Wanted {
  country: string;
  year: number;
  /** "" unless said. */
  region?: string;
}
