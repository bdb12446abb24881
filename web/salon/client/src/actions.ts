// Drawn by `portico client ts`: change the actions, and draw it again.
import type { Address, ApiKey, Appointment, AuditRecord, BasicInfo, Booked, Cancelled, CodeShown, Credentials, Customer, Delivery, DeliveryShown, Diary, EndedSessions, Endpoint, EventKind, FlagShown, Holiday, Imported, Invitation, InvitationShown, IssuedApiKey, IssuedEndpoint, IssuedServiceKey, Job, JobShown, LinkToken, LinkedIdentity, Lookup, Member, NewApiKey, NewAppointment, NewCustomer, NewEndpoint, NewOrganization, NewPasskey, NewService, NewStaffMember, NewToken, NewUser, NewUserV2, OpenSession, Organization, Passkey, PasskeyOptions, PasskeyShown, PasswordChange, PasswordReset, PasswordShown, Permission, PorticoModulesIdentityModelsConfirmed, Preferences, Profile, ProfileChanges, Progress, Publish, Published, RecoveryCodes, Report, Rescheduled, Role, SalonAppointmentsEventsConfirmed, Sealed, SecondFactor, SecondFactorOn, SecondFactorShown, SecondFactorState, Service, ServiceKey, Services, SignedIn, SignedUp, Slot, Span, StaffMember, Subscription, Summary, TotpSetup, UsageReport, UserV2, Wanted } from "./types.ts";
import type { CursorMeta, Done, NumberedMeta, Operation, Page, Refusal } from "./runtime.ts";

export interface AppointmentBatchesCancelManyInput {
  ids: string[];
  reason: string;
}
export type AppointmentBatchesCancelManyResult = Appointment[];
export type AppointmentBatchesCancelManyRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"IDEMPOTENCY_IN_PROGRESS", undefined>
  | Refusal<"IDEMPOTENCY_KEY_MALFORMED", undefined>
  | Refusal<"IDEMPOTENCY_KEY_REUSED", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Cancel up to 100 appointments for one reason; one that is over undoes all. */
export const appointmentBatchesCancelMany: Operation<AppointmentBatchesCancelManyInput, AppointmentBatchesCancelManyResult, AppointmentBatchesCancelManyRefusal> = {
  name: "appointment_batches.cancel_many",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/appointments/cancel-many",
  contract: "eff42820d173",
  body: true,
  keyed: true,
  tags: [],
};

export interface AppointmentBatchesConfirmManyInput {
  ids: string[];
}
export type AppointmentBatchesConfirmManyResult = Appointment[];
export type AppointmentBatchesConfirmManyRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"IDEMPOTENCY_IN_PROGRESS", undefined>
  | Refusal<"IDEMPOTENCY_KEY_MALFORMED", undefined>
  | Refusal<"IDEMPOTENCY_KEY_REUSED", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Confirm up to 100 appointments and give those that were not confirmed before; one that is over undoes all. */
export const appointmentBatchesConfirmMany: Operation<AppointmentBatchesConfirmManyInput, AppointmentBatchesConfirmManyResult, AppointmentBatchesConfirmManyRefusal> = {
  name: "appointment_batches.confirm_many",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/appointments/confirm-many",
  contract: "e37cdefa2706",
  body: true,
  keyed: true,
  tags: [],
};

export interface AppointmentsCancelInput {
  /** A UUID. */
  id: string;
  reason: string;
}
export type AppointmentsCancelResult = Appointment;
export type AppointmentsCancelRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_APPOINTMENT_CLOSED", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"IDEMPOTENCY_IN_PROGRESS", undefined>
  | Refusal<"IDEMPOTENCY_KEY_MALFORMED", undefined>
  | Refusal<"IDEMPOTENCY_KEY_REUSED", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Cancel an appointment, saying why; its slot is free again. */
export const appointmentsCancel: Operation<AppointmentsCancelInput, AppointmentsCancelResult, AppointmentsCancelRefusal> = {
  name: "appointments.cancel",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/appointments/{id}/cancel",
  contract: "cb7cefb4a1a1",
  body: true,
  keyed: true,
  tags: [],
};

export type AppointmentsCreateInput = NewAppointment;
export type AppointmentsCreateResult = Appointment;
export type AppointmentsCreateRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_NOBODY_FREE", undefined>
  | Refusal<"BIZ_PUBLIC_HOLIDAY", { holiday: string }>
  | Refusal<"BIZ_SERVICE_INACTIVE", undefined>
  | Refusal<"BIZ_SLOT_TAKEN", undefined>
  | Refusal<"BIZ_STAFF_INACTIVE", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"IDEMPOTENCY_IN_PROGRESS", undefined>
  | Refusal<"IDEMPOTENCY_KEY_MALFORMED", undefined>
  | Refusal<"IDEMPOTENCY_KEY_MISSING", undefined>
  | Refusal<"IDEMPOTENCY_KEY_REUSED", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Book a slot for a customer. */
export const appointmentsCreate: Operation<AppointmentsCreateInput, AppointmentsCreateResult, AppointmentsCreateRefusal> = {
  name: "appointments.create",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/appointments",
  contract: "728c212bbac2",
  body: true,
  keyed: true,
  tags: [],
};

export interface AppointmentsFindInput {
  /** A day, YYYY-MM-DD. */
  day?: string | null;
  /** A UUID. */
  staff_id?: string | null;
  /** A UUID. */
  customer_id?: string | null;
  status?: "booked" | "confirmed" | "completed" | "cancelled" | null;
  /** 20 unless said. */
  limit?: number;
  after?: string | null;
}
export type AppointmentsFindResult = Page<Appointment, CursorMeta>;
export type AppointmentsFindRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** List appointments by time; `day` is a day in the organization's time zone. */
export const appointmentsFind: Operation<AppointmentsFindInput, AppointmentsFindResult, AppointmentsFindRefusal> = {
  name: "appointments.find",
  kind: "query",
  method: "GET",
  path: "/api/v1/appointments",
  contract: "f48e39d88161",
  query: { day: "day", staff_id: "staff_id", customer_id: "customer_id", status: "status", limit: "limit", after: "after" },
  body: false,
  keyed: false,
  paging: "cursor",
  tags: ["appointments"],
};

export interface AppointmentsGetInput {
  /** A UUID. */
  id: string;
}
export type AppointmentsGetResult = Appointment;
export type AppointmentsGetRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Read one appointment. */
export const appointmentsGet: Operation<AppointmentsGetInput, AppointmentsGetResult, AppointmentsGetRefusal> = {
  name: "appointments.get",
  kind: "query",
  method: "GET",
  path: "/api/v1/appointments/{id}",
  contract: "73098dc4146b",
  body: false,
  keyed: false,
  tags: ["appointments"],
};

export interface AppointmentsLiveInput {
  /** A day, YYYY-MM-DD. */
  day?: string | null;
  /** A UUID. */
  staff_id?: string | null;
}
export type AppointmentsLiveResult = Booked | SalonAppointmentsEventsConfirmed | Rescheduled | Cancelled;
export type AppointmentsLiveRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"RATE_LIMIT_STREAMS", { limit: number }>
  | Refusal<"SYS_SLOW_CLIENT", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UPGRADE_REQUIRED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Tell what happens to appointments: of one day in the business's time zone, with one member of staff, or all.
 *
 * One that is moved is told of on the day that it leaves, too; and whoever it was with, for that is not known.
 */
export const appointmentsLive: Operation<AppointmentsLiveInput, AppointmentsLiveResult, AppointmentsLiveRefusal> = {
  name: "appointments.live",
  kind: "subscription",
  method: "GET",
  path: "/api/v1/appointments/live",
  contract: "469a192efbc8",
  query: { day: "day", staff_id: "staff_id" },
  body: false,
  keyed: false,
  tags: [],
};

export interface AppointmentsRescheduleInput {
  /** A UUID. */
  id: string;
  /** An instant (RFC 3339). */
  scheduled_at: string;
  /** A UUID. */
  staff_id?: string | null;
}
export type AppointmentsRescheduleResult = Appointment;
export type AppointmentsRescheduleRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_APPOINTMENT_CLOSED", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_PUBLIC_HOLIDAY", { holiday: string }>
  | Refusal<"BIZ_SLOT_TAKEN", undefined>
  | Refusal<"BIZ_STAFF_INACTIVE", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"IDEMPOTENCY_IN_PROGRESS", undefined>
  | Refusal<"IDEMPOTENCY_KEY_MALFORMED", undefined>
  | Refusal<"IDEMPOTENCY_KEY_REUSED", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Give an appointment another time, and another member of staff if named. */
export const appointmentsReschedule: Operation<AppointmentsRescheduleInput, AppointmentsRescheduleResult, AppointmentsRescheduleRefusal> = {
  name: "appointments.reschedule",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/appointments/{id}/reschedule",
  contract: "211809e43336",
  body: true,
  keyed: true,
  tags: [],
};

export interface AppointmentsUpdateInput {
  /** A UUID. */
  id: string;
  /** "booked" unless said. */
  status?: "booked" | "confirmed" | "completed";
  notes?: string | null;
  version?: number | null;
}
export type AppointmentsUpdateResult = Appointment;
export type AppointmentsUpdateRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_APPOINTMENT_CLOSED", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_STALE_VERSION", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Change status or notes: absent members stay, null clears. */
export const appointmentsUpdate: Operation<AppointmentsUpdateInput, AppointmentsUpdateResult, AppointmentsUpdateRefusal> = {
  name: "appointments.update",
  kind: "mutation",
  method: "PATCH",
  path: "/api/v1/appointments/{id}",
  contract: "dafe16b66fdb",
  body: true,
  keyed: false,
  tags: [],
};

export interface AuditFindInput {
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
  /** 20 unless said. */
  limit?: number;
  after?: string | null;
}
export type AuditFindResult = Page<AuditRecord, CursorMeta>;
export type AuditFindRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** List what was done and refused, the newest first. */
export const auditFind: Operation<AuditFindInput, AuditFindResult, AuditFindRefusal> = {
  name: "audit.find",
  kind: "query",
  method: "GET",
  path: "/api/v1/audit",
  contract: "46e2828fc176",
  query: { action: "action", user_id: "user_id", target: "target", outcome: "outcome", request_id: "request_id", from: "from", to: "to", limit: "limit", after: "after" },
  body: false,
  keyed: false,
  paging: "cursor",
  tags: ["audit"],
};

export type AuditFindSealsInput = void;
export type AuditFindSealsResult = Sealed;
export type AuditFindSealsRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Tell how far the audit is sealed. */
export const auditFindSeals: Operation<AuditFindSealsInput, AuditFindSealsResult, AuditFindSealsRefusal> = {
  name: "audit.find_seals",
  kind: "query",
  method: "GET",
  path: "/api/v1/audit/seals",
  contract: "6c0dc56ac04a",
  body: false,
  keyed: false,
  tags: ["audit"],
};

export interface AvailabilityFindInput {
  /** A UUID. */
  id: string;
  /** A UUID. */
  service_id: string;
  /** A day, YYYY-MM-DD. */
  day: string;
}
export type AvailabilityFindResult = Slot[];
export type AvailabilityFindRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** List when a member of staff is free for a service; `day` is a day in the organization's time zone. */
export const availabilityFind: Operation<AvailabilityFindInput, AvailabilityFindResult, AvailabilityFindRefusal> = {
  name: "availability.find",
  kind: "query",
  method: "GET",
  path: "/api/v1/staff/{id}/availability",
  contract: "6fa47bc9c44a",
  query: { service_id: "service_id", day: "day" },
  body: false,
  keyed: false,
  tags: ["availability", "appointments", "holidays", "hours", "services", "staff"],
};

export type BillingGetInput = void;
export type BillingGetResult = Subscription;
export type BillingGetRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** What the business is subscribed to; not found where it never was. */
export const billingGet: Operation<BillingGetInput, BillingGetResult, BillingGetRefusal> = {
  name: "billing.get",
  kind: "query",
  method: "GET",
  path: "/api/v1/subscription",
  contract: "ab02ef566a9c",
  body: false,
  keyed: false,
  tags: ["billing"],
};

export type CustomersCreateInput = NewCustomer;
export type CustomersCreateResult = Customer;
export type CustomersCreateRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"IDEMPOTENCY_IN_PROGRESS", undefined>
  | Refusal<"IDEMPOTENCY_KEY_MALFORMED", undefined>
  | Refusal<"IDEMPOTENCY_KEY_REUSED", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Add a customer. */
export const customersCreate: Operation<CustomersCreateInput, CustomersCreateResult, CustomersCreateRefusal> = {
  name: "customers.create",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/customers",
  contract: "49f790dddd96",
  body: true,
  keyed: true,
  tags: [],
};

export interface CustomersDeleteInput {
  /** A UUID. */
  id: string;
}
export type CustomersDeleteResult = Done;
export type CustomersDeleteRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_CUSTOMER_HAS_APPOINTMENTS", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Delete a customer who never had an appointment. */
export const customersDelete: Operation<CustomersDeleteInput, CustomersDeleteResult, CustomersDeleteRefusal> = {
  name: "customers.delete",
  kind: "mutation",
  method: "DELETE",
  path: "/api/v1/customers/{id}",
  contract: "955b433c4720",
  body: false,
  keyed: false,
  tags: [],
};

export interface CustomersFindInput {
  search?: string | null;
  /** 1 unless said. */
  page?: number;
  /** 20 unless said. */
  limit?: number;
}
export type CustomersFindResult = Page<Customer, NumberedMeta>;
export type CustomersFindRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** List customers by name; `search` looks into name, e-mail address and phone number. */
export const customersFind: Operation<CustomersFindInput, CustomersFindResult, CustomersFindRefusal> = {
  name: "customers.find",
  kind: "query",
  method: "GET",
  path: "/api/v1/customers",
  contract: "2b32a94d7908",
  query: { search: "search", page: "page", limit: "limit" },
  body: false,
  keyed: false,
  paging: "pages",
  tags: ["customers"],
};

export interface CustomersGetInput {
  /** A UUID. */
  id: string;
}
export type CustomersGetResult = Customer;
export type CustomersGetRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Read one customer. */
export const customersGet: Operation<CustomersGetInput, CustomersGetResult, CustomersGetRefusal> = {
  name: "customers.get",
  kind: "query",
  method: "GET",
  path: "/api/v1/customers/{id}",
  contract: "831d599d80f1",
  body: false,
  keyed: false,
  tags: ["customers"],
};

export interface CustomersUpdateInput {
  /** A UUID. */
  id: string;
  name?: string;
  email?: string | null;
  phone?: string | null;
  notes?: string | null;
  version?: number | null;
}
export type CustomersUpdateResult = Customer;
export type CustomersUpdateRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_STALE_VERSION", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Change a customer: absent members stay, null clears. */
export const customersUpdate: Operation<CustomersUpdateInput, CustomersUpdateResult, CustomersUpdateRefusal> = {
  name: "customers.update",
  kind: "mutation",
  method: "PATCH",
  path: "/api/v1/customers/{id}",
  contract: "39ed0613420e",
  body: true,
  keyed: false,
  tags: [],
};

export type DiaryGetInput = void;
export type DiaryGetResult = Diary;
export type DiaryGetRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** What was taken over from the calendar elsewhere and is not over yet, 500 entries at most; how that went. */
export const diaryGet: Operation<DiaryGetInput, DiaryGetResult, DiaryGetRefusal> = {
  name: "diary.get",
  kind: "query",
  method: "GET",
  path: "/api/v1/diary",
  contract: "a9b070988776",
  body: false,
  keyed: false,
  tags: ["diary"],
};

export type DiaryStartInput = void;
export type DiaryStartResult = Done;
export type DiaryStartRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Have the calendar elsewhere taken over, soon; asked for twice before it has begun, it is done once. */
export const diaryStart: Operation<DiaryStartInput, DiaryStartResult, DiaryStartRefusal> = {
  name: "diary.start",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/diary/sync",
  contract: "8e56f0520730",
  body: false,
  keyed: false,
  tags: [],
};

export type ExperimentsFindInput = void;
export type ExperimentsFindResult = Summary[];
export type ExperimentsFindRefusal =
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Every experiment that the application declares. */
export const experimentsFind: Operation<ExperimentsFindInput, ExperimentsFindResult, ExperimentsFindRefusal> = {
  name: "experiments.find",
  kind: "query",
  method: "GET",
  path: "/api/v1/experiments",
  contract: "a47fbd26ded9",
  body: false,
  keyed: false,
  tags: ["experiments"],
};

export interface ExperimentsGetInput {
  name: string;
}
export type ExperimentsGetResult = Report;
export type ExperimentsGetRefusal =
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** What an experiment has come to: exposures, conversions, rates, intervals, and the difference to control. */
export const experimentsGet: Operation<ExperimentsGetInput, ExperimentsGetResult, ExperimentsGetRefusal> = {
  name: "experiments.get",
  kind: "query",
  method: "GET",
  path: "/api/v1/experiments/{name}",
  contract: "cd4bc320966d",
  body: false,
  keyed: false,
  tags: ["experiments"],
};

export type FlagsFindInput = void;
export type FlagsFindResult = FlagShown[];
export type FlagsFindRefusal =
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Every flag that the application declares, and what is set. */
export const flagsFind: Operation<FlagsFindInput, FlagsFindResult, FlagsFindRefusal> = {
  name: "flags.find",
  kind: "query",
  method: "GET",
  path: "/api/v1/flags",
  contract: "c9d01383dcea",
  body: false,
  keyed: false,
  tags: ["flags"],
};

export interface FlagsResetInput {
  name: string;
}
export type FlagsResetResult = FlagShown;
export type FlagsResetRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Let the application's default hold again. */
export const flagsReset: Operation<FlagsResetInput, FlagsResetResult, FlagsResetRefusal> = {
  name: "flags.reset",
  kind: "mutation",
  method: "DELETE",
  path: "/api/v1/flags/{name}",
  contract: "888d9beb1952",
  body: false,
  keyed: false,
  tags: [],
};

export interface FlagsSetFlagInput {
  name: string;
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
export type FlagsSetFlagResult = FlagShown;
export type FlagsSetFlagRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Set a flag; every process has it within a second. */
export const flagsSetFlag: Operation<FlagsSetFlagInput, FlagsSetFlagResult, FlagsSetFlagRefusal> = {
  name: "flags.set_flag",
  kind: "mutation",
  method: "PUT",
  path: "/api/v1/flags/{name}",
  contract: "845fef06ddb4",
  body: true,
  keyed: false,
  tags: [],
};

export interface HolidaysFindInput {
  year: number;
}
export type HolidaysFindResult = Holiday[];
export type HolidaysFindRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** List the holidays of a year that the business has taken over. */
export const holidaysFind: Operation<HolidaysFindInput, HolidaysFindResult, HolidaysFindRefusal> = {
  name: "holidays.find",
  kind: "query",
  method: "GET",
  path: "/api/v1/holidays",
  contract: "047206d8d4e9",
  query: { year: "year" },
  body: false,
  keyed: false,
  tags: ["holidays"],
};

export type HolidaysImportYearInput = Wanted;
export type HolidaysImportYearResult = Imported;
export type HolidaysImportYearRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"IDEMPOTENCY_IN_PROGRESS", undefined>
  | Refusal<"IDEMPOTENCY_KEY_MALFORMED", undefined>
  | Refusal<"IDEMPOTENCY_KEY_MISSING", undefined>
  | Refusal<"IDEMPOTENCY_KEY_REUSED", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Take a year over from the calendar elsewhere; what is there already gets the calendar's name. */
export const holidaysImportYear: Operation<HolidaysImportYearInput, HolidaysImportYearResult, HolidaysImportYearRefusal> = {
  name: "holidays.import_year",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/holidays/import",
  contract: "0361f3571036",
  body: true,
  keyed: true,
  tags: [],
};

export type HolidaysLookUpInput = Wanted;
export type HolidaysLookUpResult = Lookup;
export type HolidaysLookUpRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Look a year up elsewhere; where the calendar is out of reach, its holidays are unknown. */
export const holidaysLookUp: Operation<HolidaysLookUpInput, HolidaysLookUpResult, HolidaysLookUpRefusal> = {
  name: "holidays.look_up",
  kind: "query",
  method: "GET",
  path: "/api/v1/holidays/lookup",
  contract: "dc5a4c71415d",
  query: { country: "country", year: "year", region: "region" },
  body: false,
  keyed: false,
  tags: ["holidays"],
};

export type HoursFindInput = void;
export type HoursFindResult = Span[];
export type HoursFindRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Read the week: every span in which the business is open. */
export const hoursFind: Operation<HoursFindInput, HoursFindResult, HoursFindRefusal> = {
  name: "hours.find",
  kind: "query",
  method: "GET",
  path: "/api/v1/opening-hours",
  contract: "c2c9aeae2f86",
  body: false,
  keyed: false,
  tags: ["hours"],
};

export interface HoursReplaceInput {
  spans: Span[];
}
export type HoursReplaceResult = Span[];
export type HoursReplaceRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Replace the week; what is booked stays booked. */
export const hoursReplace: Operation<HoursReplaceInput, HoursReplaceResult, HoursReplaceRefusal> = {
  name: "hours.replace",
  kind: "mutation",
  method: "PUT",
  path: "/api/v1/opening-hours",
  contract: "4f640f83ead9",
  body: true,
  keyed: false,
  tags: [],
};

export type IdentityAddPasskeyInput = NewPasskey;
export type IdentityAddPasskeyResult = Passkey;
export type IdentityAddPasskeyRefusal =
  | Refusal<"AUTH_BEGIN_AGAIN", undefined>
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_PASSKEY_KNOWN", undefined>
  | Refusal<"AUTH_PASSKEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"AUTH_SUDO_REQUIRED", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_TOO_MANY_PASSKEYS", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Add a passkey that a browser has made: it signs in alone, as password and second factor in one. */
export const identityAddPasskey: Operation<IdentityAddPasskeyInput, IdentityAddPasskeyResult, IdentityAddPasskeyRefusal> = {
  name: "identity.add_passkey",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/passkeys",
  contract: "5e33e11aaf3c",
  body: true,
  keyed: false,
  tags: [],
};

export type IdentityAskForOwnPasskeyInput = void;
export type IdentityAskForOwnPasskeyResult = PasskeyOptions;
export type IdentityAskForOwnPasskeyRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** What a browser needs to show one of one's own passkeys again. */
export const identityAskForOwnPasskey: Operation<IdentityAskForOwnPasskeyInput, IdentityAskForOwnPasskeyResult, IdentityAskForOwnPasskeyRefusal> = {
  name: "identity.ask_for_own_passkey",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/sudo/passkey/options",
  contract: "4b4081a7c184",
  body: false,
  keyed: false,
  tags: [],
};

export type IdentityAskForPasskeyInput = void;
export type IdentityAskForPasskeyResult = PasskeyOptions;
export type IdentityAskForPasskeyRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** What a browser needs to sign in by a passkey, whosever: `navigator.credentials.get({publicKey: options})`. */
export const identityAskForPasskey: Operation<IdentityAskForPasskeyInput, IdentityAskForPasskeyResult, IdentityAskForPasskeyRefusal> = {
  name: "identity.ask_for_passkey",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/sign-in/passkey/options",
  contract: "91f5d70af994",
  body: false,
  keyed: false,
  tags: [],
};

export type IdentityBeginPasskeyInput = void;
export type IdentityBeginPasskeyResult = PasskeyOptions;
export type IdentityBeginPasskeyRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"AUTH_SUDO_REQUIRED", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** What a browser needs to make a passkey: `navigator.credentials.create({publicKey: options})`. */
export const identityBeginPasskey: Operation<IdentityBeginPasskeyInput, IdentityBeginPasskeyResult, IdentityBeginPasskeyRefusal> = {
  name: "identity.begin_passkey",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/passkeys/options",
  contract: "0e32f74be068",
  body: false,
  keyed: false,
  tags: [],
};

export type IdentityBeginTotpInput = void;
export type IdentityBeginTotpResult = TotpSetup;
export type IdentityBeginTotpRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SECOND_FACTOR_IN_USE", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"AUTH_SUDO_REQUIRED", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Begin to use an authenticator app: a new secret for it, without effect until a code confirms it. */
export const identityBeginTotp: Operation<IdentityBeginTotpInput, IdentityBeginTotpResult, IdentityBeginTotpRefusal> = {
  name: "identity.begin_totp",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/totp",
  contract: "4613f5e86714",
  body: false,
  keyed: false,
  tags: [],
};

export type IdentityChangeEmailInput = Address;
export type IdentityChangeEmailResult = Address;
export type IdentityChangeEmailRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_EMAIL_TAKEN", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"AUTH_SUDO_REQUIRED", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Ask for another address: it takes effect once the link in a mail to it is used; the address so far is told.
 *
 * An address that has an account already is answered the same, and told so by mail.
 */
export const identityChangeEmail: Operation<IdentityChangeEmailInput, IdentityChangeEmailResult, IdentityChangeEmailRefusal> = {
  name: "identity.change_email",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/email",
  contract: "d93d3a46e09d",
  body: true,
  keyed: false,
  tags: [],
};

export type IdentityChangePasswordInput = PasswordChange;
export type IdentityChangePasswordResult = NewToken;
export type IdentityChangePasswordRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"AUTH_WRONG_PASSWORD", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Choose another password: all other sessions end, and the one in hand gets another token. */
export const identityChangePassword: Operation<IdentityChangePasswordInput, IdentityChangePasswordResult, IdentityChangePasswordRefusal> = {
  name: "identity.change_password",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/password",
  contract: "90d5a570dd48",
  body: true,
  keyed: false,
  tags: [],
};

export type IdentityConfirmByPasskeyInput = PasskeyShown;
export type IdentityConfirmByPasskeyResult = NewToken;
export type IdentityConfirmByPasskeyRefusal =
  | Refusal<"AUTH_BEGIN_AGAIN", undefined>
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_PASSKEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Show a passkey again, which lets dangerous actions pass for a while; the session gets another token. */
export const identityConfirmByPasskey: Operation<IdentityConfirmByPasskeyInput, IdentityConfirmByPasskeyResult, IdentityConfirmByPasskeyRefusal> = {
  name: "identity.confirm_by_passkey",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/sudo/passkey",
  contract: "ca3c7e403c80",
  body: true,
  keyed: false,
  tags: [],
};

export type IdentityConfirmEmailInput = LinkToken;
export type IdentityConfirmEmailResult = PorticoModulesIdentityModelsConfirmed;
export type IdentityConfirmEmailRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_EMAIL_TAKEN", undefined>
  | Refusal<"AUTH_LINK_SPENT", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Take the new address into use with the token that was sent to it, which is good once. */
export const identityConfirmEmail: Operation<IdentityConfirmEmailInput, IdentityConfirmEmailResult, IdentityConfirmEmailRefusal> = {
  name: "identity.confirm_email",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/email/confirm",
  contract: "35b7355a37f2",
  body: true,
  keyed: false,
  tags: [],
};

export type IdentityConfirmPasswordInput = PasswordShown;
export type IdentityConfirmPasswordResult = NewToken;
export type IdentityConfirmPasswordRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"AUTH_WRONG_PASSWORD", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Show the password again, which lets dangerous actions pass for a while; the session gets another token. */
export const identityConfirmPassword: Operation<IdentityConfirmPasswordInput, IdentityConfirmPasswordResult, IdentityConfirmPasswordRefusal> = {
  name: "identity.confirm_password",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/sudo",
  contract: "e8495b3f440b",
  body: true,
  keyed: false,
  tags: [],
};

export type IdentityConfirmTotpInput = CodeShown;
export type IdentityConfirmTotpResult = SecondFactorOn;
export type IdentityConfirmTotpRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"AUTH_WRONG_CODE", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_CONFIG_ERROR", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Turn the second factor on with a code of the app: every sign-in with a password wants one from now on.
 *
 * The answer holds ten recovery codes, which are never shown again. The session in hand gets another token.
 */
export const identityConfirmTotp: Operation<IdentityConfirmTotpInput, IdentityConfirmTotpResult, IdentityConfirmTotpRefusal> = {
  name: "identity.confirm_totp",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/totp/confirm",
  contract: "dfed90b38aa9",
  body: true,
  keyed: false,
  tags: [],
};

export type IdentityCreateKeyInput = NewApiKey;
export type IdentityCreateKeyResult = IssuedApiKey;
export type IdentityCreateKeyRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"AUTH_SUDO_REQUIRED", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_TOO_MANY_KEYS", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Make an API key that acts as oneself, for 90 days unless said otherwise; the token is shown once.
 *
 * The key may do what its owner's role allows and its scopes cover, whichever is less, and never what is for people.
 */
export const identityCreateKey: Operation<IdentityCreateKeyInput, IdentityCreateKeyResult, IdentityCreateKeyRefusal> = {
  name: "identity.create_key",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/keys",
  contract: "f3b7467d34a8",
  body: true,
  keyed: false,
  tags: [],
};

export type IdentityDeleteMeInput = void;
export type IdentityDeleteMeResult = Done;
export type IdentityDeleteMeRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"AUTH_SUDO_REQUIRED", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_LAST_OWNER", undefined>
  | Refusal<"BIZ_LAST_OWNER_OF", { organization: string }>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Delete one's account, with its sessions and keys; what the audit says of it stays.
 *
 * Refused to the last owner of an organization, which has to be handed over or deleted first.
 */
export const identityDeleteMe: Operation<IdentityDeleteMeInput, IdentityDeleteMeResult, IdentityDeleteMeRefusal> = {
  name: "identity.delete_me",
  kind: "mutation",
  method: "DELETE",
  path: "/api/auth/me",
  contract: "757a1d799a43",
  body: false,
  keyed: false,
  tags: [],
};

export type IdentityEndOtherSessionsInput = void;
export type IdentityEndOtherSessionsResult = EndedSessions;
export type IdentityEndOtherSessionsRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** End every session of one's own but the one in hand. */
export const identityEndOtherSessions: Operation<IdentityEndOtherSessionsInput, IdentityEndOtherSessionsResult, IdentityEndOtherSessionsRefusal> = {
  name: "identity.end_other_sessions",
  kind: "mutation",
  method: "DELETE",
  path: "/api/auth/sessions",
  contract: "9c6092fff43b",
  body: false,
  keyed: false,
  tags: [],
};

export interface IdentityEndSessionInput {
  /** A UUID. */
  id: string;
}
export type IdentityEndSessionResult = Done;
export type IdentityEndSessionRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** End one of one's own sessions; anybody else's is not found. */
export const identityEndSession: Operation<IdentityEndSessionInput, IdentityEndSessionResult, IdentityEndSessionRefusal> = {
  name: "identity.end_session",
  kind: "mutation",
  method: "DELETE",
  path: "/api/auth/sessions/{id}",
  contract: "ac4b0dcfe15b",
  body: false,
  keyed: false,
  tags: [],
};

export type IdentityEndTotpInput = void;
export type IdentityEndTotpResult = NewToken;
export type IdentityEndTotpRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"AUTH_SUDO_REQUIRED", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Turn the second factor off, and forget its secret and recovery codes; the session in hand gets another token. */
export const identityEndTotp: Operation<IdentityEndTotpInput, IdentityEndTotpResult, IdentityEndTotpRefusal> = {
  name: "identity.end_totp",
  kind: "mutation",
  method: "DELETE",
  path: "/api/auth/totp",
  contract: "f8a8915dc39a",
  body: false,
  keyed: false,
  tags: [],
};

export type IdentityFindIdentitiesInput = void;
export type IdentityFindIdentitiesResult = LinkedIdentity[];
export type IdentityFindIdentitiesRefusal =
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** The accounts elsewhere that one may sign in with. */
export const identityFindIdentities: Operation<IdentityFindIdentitiesInput, IdentityFindIdentitiesResult, IdentityFindIdentitiesRefusal> = {
  name: "identity.find_identities",
  kind: "query",
  method: "GET",
  path: "/api/auth/identities",
  contract: "0ba3c92f8b54",
  body: false,
  keyed: false,
  tags: ["identity"],
};

export type IdentityFindKeysInput = void;
export type IdentityFindKeysResult = ApiKey[];
export type IdentityFindKeysRefusal =
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** One's own API keys, the newest first; expired ones too. */
export const identityFindKeys: Operation<IdentityFindKeysInput, IdentityFindKeysResult, IdentityFindKeysRefusal> = {
  name: "identity.find_keys",
  kind: "query",
  method: "GET",
  path: "/api/auth/keys",
  contract: "5333a3ca3815",
  body: false,
  keyed: false,
  tags: ["identity"],
};

export type IdentityFindPasskeysInput = void;
export type IdentityFindPasskeysResult = Passkey[];
export type IdentityFindPasskeysRefusal =
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** One's own passkeys, the newest first. */
export const identityFindPasskeys: Operation<IdentityFindPasskeysInput, IdentityFindPasskeysResult, IdentityFindPasskeysRefusal> = {
  name: "identity.find_passkeys",
  kind: "query",
  method: "GET",
  path: "/api/auth/passkeys",
  contract: "5b8da2afd8e7",
  body: false,
  keyed: false,
  tags: ["identity"],
};

export type IdentityFindProvidersInput = void;
export type IdentityFindProvidersResult = string[];
export type IdentityFindProvidersRefusal =
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Where one may sign in who has an account elsewhere, in the order of the settings. */
export const identityFindProviders: Operation<IdentityFindProvidersInput, IdentityFindProvidersResult, IdentityFindProvidersRefusal> = {
  name: "identity.find_providers",
  kind: "query",
  method: "GET",
  path: "/api/auth/oidc",
  contract: "1250d81810af",
  body: false,
  keyed: false,
  tags: ["identity"],
};

export type IdentityFindSessionsInput = void;
export type IdentityFindSessionsResult = OpenSession[];
export type IdentityFindSessionsRefusal =
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Where one is signed in: the session in hand, and then the last used, 100 at most. */
export const identityFindSessions: Operation<IdentityFindSessionsInput, IdentityFindSessionsResult, IdentityFindSessionsRefusal> = {
  name: "identity.find_sessions",
  kind: "query",
  method: "GET",
  path: "/api/auth/sessions",
  contract: "58a95adb3be5",
  body: false,
  keyed: false,
  tags: ["identity"],
};

export type IdentityFindTotpSetupInput = void;
export type IdentityFindTotpSetupResult = TotpSetup;
export type IdentityFindTotpSetupRefusal =
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"AUTH_SUDO_REQUIRED", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_CONFIG_ERROR", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** The secret that was begun with, once more, as long as no code has confirmed it. */
export const identityFindTotpSetup: Operation<IdentityFindTotpSetupInput, IdentityFindTotpSetupResult, IdentityFindTotpSetupRefusal> = {
  name: "identity.find_totp_setup",
  kind: "query",
  method: "GET",
  path: "/api/auth/totp/setup",
  contract: "38e78cd97f17",
  body: false,
  keyed: false,
  tags: ["identity"],
};

export type IdentityForgetPasswordInput = Address;
export type IdentityForgetPasswordResult = Done;
export type IdentityForgetPasswordRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Send a link to choose another password; answered the same for every address. */
export const identityForgetPassword: Operation<IdentityForgetPasswordInput, IdentityForgetPasswordResult, IdentityForgetPasswordRefusal> = {
  name: "identity.forget_password",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/password/forgot",
  contract: "3ad3443a9336",
  body: true,
  keyed: false,
  tags: [],
};

export type IdentityMeInput = void;
export type IdentityMeResult = Profile;
export type IdentityMeRefusal =
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Who is signed in, and where they belong. */
export const identityMe: Operation<IdentityMeInput, IdentityMeResult, IdentityMeRefusal> = {
  name: "identity.me",
  kind: "query",
  method: "GET",
  path: "/api/auth/me",
  contract: "a76b0818349a",
  body: false,
  keyed: false,
  tags: ["identity"],
};

export interface IdentityRemovePasskeyInput {
  /** A UUID. */
  id: string;
}
export type IdentityRemovePasskeyResult = Done;
export type IdentityRemovePasskeyRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"AUTH_SUDO_REQUIRED", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Remove one of one's own passkeys, which signs in no more; the sessions that it opened go on. */
export const identityRemovePasskey: Operation<IdentityRemovePasskeyInput, IdentityRemovePasskeyResult, IdentityRemovePasskeyRefusal> = {
  name: "identity.remove_passkey",
  kind: "mutation",
  method: "DELETE",
  path: "/api/auth/passkeys/{id}",
  contract: "f1df9ed39a9d",
  body: false,
  keyed: false,
  tags: [],
};

export interface IdentityRenameKeyInput {
  /** A UUID. */
  id: string;
  name: string;
}
export type IdentityRenameKeyResult = ApiKey;
export type IdentityRenameKeyRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Call one of one's own keys something else; what it may do stays as it was made. */
export const identityRenameKey: Operation<IdentityRenameKeyInput, IdentityRenameKeyResult, IdentityRenameKeyRefusal> = {
  name: "identity.rename_key",
  kind: "mutation",
  method: "PATCH",
  path: "/api/auth/keys/{id}",
  contract: "9135b65dcbc1",
  body: true,
  keyed: false,
  tags: [],
};

export interface IdentityRenamePasskeyInput {
  /** A UUID. */
  id: string;
  name: string;
}
export type IdentityRenamePasskeyResult = Passkey;
export type IdentityRenamePasskeyRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Call one of one's own passkeys something else. */
export const identityRenamePasskey: Operation<IdentityRenamePasskeyInput, IdentityRenamePasskeyResult, IdentityRenamePasskeyRefusal> = {
  name: "identity.rename_passkey",
  kind: "mutation",
  method: "PATCH",
  path: "/api/auth/passkeys/{id}",
  contract: "15a287983063",
  body: true,
  keyed: false,
  tags: [],
};

export type IdentityRenewRecoveryCodesInput = void;
export type IdentityRenewRecoveryCodesResult = RecoveryCodes;
export type IdentityRenewRecoveryCodesRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"AUTH_SUDO_REQUIRED", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Ten other recovery codes; those so far are worth nothing any more. */
export const identityRenewRecoveryCodes: Operation<IdentityRenewRecoveryCodesInput, IdentityRenewRecoveryCodesResult, IdentityRenewRecoveryCodesRefusal> = {
  name: "identity.renew_recovery_codes",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/totp/recovery-codes",
  contract: "a49293af5045",
  body: false,
  keyed: false,
  tags: [],
};

export type IdentityResendVerificationInput = Address;
export type IdentityResendVerificationResult = Done;
export type IdentityResendVerificationRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Send the mail again that confirms an address; answered the same for every address. */
export const identityResendVerification: Operation<IdentityResendVerificationInput, IdentityResendVerificationResult, IdentityResendVerificationRefusal> = {
  name: "identity.resend_verification",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/verify-email/resend",
  contract: "c22b3decb4ab",
  body: true,
  keyed: false,
  tags: [],
};

export type IdentityResetPasswordInput = PasswordReset;
export type IdentityResetPasswordResult = PorticoModulesIdentityModelsConfirmed;
export type IdentityResetPasswordRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_LINK_SPENT", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Choose another password with the token of a mail: all sessions end, and the address is confirmed.
 *
 * The token is good once; a password that breaks the rules does not use it up.
 */
export const identityResetPassword: Operation<IdentityResetPasswordInput, IdentityResetPasswordResult, IdentityResetPasswordRefusal> = {
  name: "identity.reset_password",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/password/reset",
  contract: "98f818359d5f",
  body: true,
  keyed: false,
  tags: [],
};

export interface IdentityRevokeKeyInput {
  /** A UUID. */
  id: string;
}
export type IdentityRevokeKeyResult = Done;
export type IdentityRevokeKeyRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Delete one of one's own keys, whose next call is refused; anybody else's is not found. */
export const identityRevokeKey: Operation<IdentityRevokeKeyInput, IdentityRevokeKeyResult, IdentityRevokeKeyRefusal> = {
  name: "identity.revoke_key",
  kind: "mutation",
  method: "DELETE",
  path: "/api/auth/keys/{id}",
  contract: "16706cfa7fda",
  body: false,
  keyed: false,
  tags: [],
};

export type IdentitySecondFactorInput = void;
export type IdentitySecondFactorResult = SecondFactorState;
export type IdentitySecondFactorRefusal =
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Whether one's second factor is on, and how many recovery codes are left. */
export const identitySecondFactor: Operation<IdentitySecondFactorInput, IdentitySecondFactorResult, IdentitySecondFactorRefusal> = {
  name: "identity.second_factor",
  kind: "query",
  method: "GET",
  path: "/api/auth/totp",
  contract: "ec51dc5cec33",
  body: false,
  keyed: false,
  tags: ["identity"],
};

export type IdentityShowSecondFactorInput = SecondFactorShown;
export type IdentityShowSecondFactorResult = SignedIn;
export type IdentityShowSecondFactorRefusal =
  | Refusal<"AUTH_BEGIN_AGAIN", undefined>
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_WRONG_CODE", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_CONFIG_ERROR", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Open a session with the ticket of the first step and a code; a code is good once, and so is the ticket.
 *
 * The ticket is bound to no browser: it is as secret as the password that it stands for, for five minutes.
 */
export const identityShowSecondFactor: Operation<IdentityShowSecondFactorInput, IdentityShowSecondFactorResult, IdentityShowSecondFactorRefusal> = {
  name: "identity.show_second_factor",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/sign-in/second-factor",
  contract: "35861c557e69",
  body: true,
  keyed: false,
  tags: [],
};

export type IdentitySignInInput = Credentials;
export type IdentitySignInResult = SignedIn | SecondFactor;
export type IdentitySignInRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_INVALID_CREDENTIALS", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Open a session: a new token every time, and the browser's former session ends.
 *
 * Where the account wants a second factor, the answer holds a ticket for it instead, and no session is open yet.
 * An address that is not confirmed is answered like a wrong password; its owner gets another mail to confirm it.
 */
export const identitySignIn: Operation<IdentitySignInInput, IdentitySignInResult, IdentitySignInRefusal> = {
  name: "identity.sign_in",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/sign-in",
  contract: "7bc4bcbcac53",
  body: true,
  keyed: false,
  tags: [],
};

export type IdentitySignInByPasskeyInput = PasskeyShown;
export type IdentitySignInByPasskeyResult = SignedIn;
export type IdentitySignInByPasskeyRefusal =
  | Refusal<"AUTH_BEGIN_AGAIN", undefined>
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_PASSKEY_REFUSED", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Open a session by a passkey: it counts as both factors, since it has verified its user. */
export const identitySignInByPasskey: Operation<IdentitySignInByPasskeyInput, IdentitySignInByPasskeyResult, IdentitySignInByPasskeyRefusal> = {
  name: "identity.sign_in_by_passkey",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/sign-in/passkey",
  contract: "eb07ce2dc694",
  body: true,
  keyed: false,
  tags: [],
};

export type IdentitySignOutInput = void;
export type IdentitySignOutResult = Done;
export type IdentitySignOutRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** End the session in hand. */
export const identitySignOut: Operation<IdentitySignOutInput, IdentitySignOutResult, IdentitySignOutRefusal> = {
  name: "identity.sign_out",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/sign-out",
  contract: "69c11cc10ed7",
  body: false,
  keyed: false,
  tags: [],
};

export type IdentitySignOutEverywhereInput = void;
export type IdentitySignOutEverywhereResult = Done;
export type IdentitySignOutEverywhereRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** End all sessions of the caller, the one in hand too. */
export const identitySignOutEverywhere: Operation<IdentitySignOutEverywhereInput, IdentitySignOutEverywhereResult, IdentitySignOutEverywhereRefusal> = {
  name: "identity.sign_out_everywhere",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/sign-out-everywhere",
  contract: "66bb976d070f",
  body: false,
  keyed: false,
  tags: [],
};

export type IdentitySignUpInput = NewUser;
export type IdentitySignUpResult = SignedUp;
export type IdentitySignUpRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_EMAIL_TAKEN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Register an account; a mail confirms its address.
 *
 * An address that has an account already is answered the same, and told so by mail: nobody learns who is registered.
 */
export const identitySignUp: Operation<IdentitySignUpInput, IdentitySignUpResult, IdentitySignUpRefusal> = {
  name: "identity.sign_up",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/sign-up",
  contract: "252744873b2d",
  body: true,
  keyed: false,
  tags: [],
};

export interface IdentityUnlinkIdentityInput {
  issuer: string;
  subject: string;
}
export type IdentityUnlinkIdentityResult = Done;
export type IdentityUnlinkIdentityRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_LAST_WAY_IN", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"AUTH_SUDO_REQUIRED", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Sign in with an account elsewhere no more; refused for the last way to sign in.
 *
 * The sessions that any issuer has opened end, except the one in hand.
 */
export const identityUnlinkIdentity: Operation<IdentityUnlinkIdentityInput, IdentityUnlinkIdentityResult, IdentityUnlinkIdentityRefusal> = {
  name: "identity.unlink_identity",
  kind: "mutation",
  method: "DELETE",
  path: "/api/auth/identities",
  contract: "ca9151a64605",
  query: { issuer: "issuer", subject: "subject" },
  body: false,
  keyed: false,
  tags: [],
};

export type IdentityUpdateMeInput = ProfileChanges;
export type IdentityUpdateMeResult = Profile;
export type IdentityUpdateMeRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_STALE_VERSION", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Change one's name; with `version`, only if nobody did so meanwhile. */
export const identityUpdateMe: Operation<IdentityUpdateMeInput, IdentityUpdateMeResult, IdentityUpdateMeRefusal> = {
  name: "identity.update_me",
  kind: "mutation",
  method: "PATCH",
  path: "/api/auth/me",
  contract: "4f6c053c1043",
  body: true,
  keyed: false,
  tags: [],
};

export type IdentityVerifyEmailInput = LinkToken;
export type IdentityVerifyEmailResult = PorticoModulesIdentityModelsConfirmed;
export type IdentityVerifyEmailRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_LINK_SPENT", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Confirm an address with the token of a mail, which is good once. */
export const identityVerifyEmail: Operation<IdentityVerifyEmailInput, IdentityVerifyEmailResult, IdentityVerifyEmailRefusal> = {
  name: "identity.verify_email",
  kind: "mutation",
  method: "POST",
  path: "/api/auth/verify-email",
  contract: "1c14458fca29",
  body: true,
  keyed: false,
  tags: [],
};

export interface JobsCancelInput {
  /** A UUID. */
  id: string;
}
export type JobsCancelResult = JobShown;
export type JobsCancelRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_JOB_KEY_WAITS", undefined>
  | Refusal<"BIZ_JOB_STATE", { state: string; allowed: string; wanted: string }>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Call a job off: one that waits is not run, one that runs is interrupted and undone, a dead one is put away. */
export const jobsCancel: Operation<JobsCancelInput, JobsCancelResult, JobsCancelRefusal> = {
  name: "jobs.cancel",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/jobs/{id}/cancel",
  contract: "5ac756300e41",
  body: false,
  keyed: false,
  tags: [],
};

export interface JobsFindInput {
  state?: "waiting" | "held" | "running" | "dead" | "cancelled" | null;
  name?: string | null;
  priority?: "high" | "normal" | "low" | null;
  /** A UUID. */
  org_id?: string | null;
  key?: string | null;
  request_id?: string | null;
  /** 20 unless said. */
  limit?: number;
  after?: string | null;
}
export type JobsFindResult = Page<Job, CursorMeta>;
export type JobsFindRefusal =
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Jobs of all organizations, the newest first; one that is done is gone. */
export const jobsFind: Operation<JobsFindInput, JobsFindResult, JobsFindRefusal> = {
  name: "jobs.find",
  kind: "query",
  method: "GET",
  path: "/api/v1/jobs",
  contract: "f44850957c71",
  query: { state: "state", name: "name", priority: "priority", org_id: "org_id", key: "key", request_id: "request_id", limit: "limit", after: "after" },
  body: false,
  keyed: false,
  paging: "cursor",
  tags: ["jobs"],
};

export interface JobsGetInput {
  /** A UUID. */
  id: string;
}
export type JobsGetResult = JobShown;
export type JobsGetRefusal =
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** A job whole: its input, where it came from, why it failed. */
export const jobsGet: Operation<JobsGetInput, JobsGetResult, JobsGetRefusal> = {
  name: "jobs.get",
  kind: "query",
  method: "GET",
  path: "/api/v1/jobs/{id}",
  contract: "104eb1857933",
  body: false,
  keyed: false,
  tags: ["jobs"],
};

export interface JobsRetryInput {
  /** A UUID. */
  id: string;
}
export type JobsRetryResult = JobShown;
export type JobsRetryRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_JOB_KEY_WAITS", undefined>
  | Refusal<"BIZ_JOB_STATE", { state: string; allowed: string; wanted: string }>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Try a job again that was given up or called off, with all its attempts. */
export const jobsRetry: Operation<JobsRetryInput, JobsRetryResult, JobsRetryRefusal> = {
  name: "jobs.retry",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/jobs/{id}/retry",
  contract: "a3bb9b390250",
  body: false,
  keyed: false,
  tags: [],
};

export type OnboardingDiscardInput = void;
export type OnboardingDiscardResult = Done;
export type OnboardingDiscardRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DRAFT_NOT_FOUND", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Throw the draft away.
 *
 * The draft is the one that the cookie `__Host-draft-onboarding` names; the first step sets it.
 */
export const onboardingDiscard: Operation<OnboardingDiscardInput, OnboardingDiscardResult, OnboardingDiscardRefusal> = {
  name: "onboarding.discard",
  kind: "mutation",
  method: "DELETE",
  path: "/api/v1/drafts/onboarding",
  contract: "083078dfcddb",
  body: false,
  keyed: false,
  tags: [],
};

export type OnboardingGetInput = void;
export type OnboardingGetResult = Progress;
export type OnboardingGetRefusal =
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DRAFT_NOT_FOUND", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Read the draft so far.
 *
 * The draft is the one that the cookie `__Host-draft-onboarding` names; the first step sets it.
 */
export const onboardingGet: Operation<OnboardingGetInput, OnboardingGetResult, OnboardingGetRefusal> = {
  name: "onboarding.get",
  kind: "query",
  method: "GET",
  path: "/api/v1/drafts/onboarding",
  contract: "68ce5ba6c234",
  body: false,
  keyed: false,
  tags: ["onboarding"],
};

export type OnboardingPublishInput = void;
export type OnboardingPublishResult = Published;
export type OnboardingPublishRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DRAFT_NOT_FOUND", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_SERVICE_EXISTS", undefined>
  | Refusal<"BIZ_SLUG_TAKEN", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"IDEMPOTENCY_IN_PROGRESS", undefined>
  | Refusal<"IDEMPOTENCY_KEY_MALFORMED", undefined>
  | Refusal<"IDEMPOTENCY_KEY_REUSED", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Found the business with its services and opening hours; the caller becomes its owner.
 *
 * The draft is the one that the cookie `__Host-draft-onboarding` names; the first step sets it.
 */
export const onboardingPublish: Operation<OnboardingPublishInput, OnboardingPublishResult, OnboardingPublishRefusal> = {
  name: "onboarding.publish",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/drafts/onboarding",
  contract: "28933e0a137d",
  body: false,
  keyed: true,
  tags: [],
};

export type OnboardingSaveBasicInfoInput = BasicInfo;
export type OnboardingSaveBasicInfoResult = Progress;
export type OnboardingSaveBasicInfoRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DRAFT_NOT_FOUND", undefined>
  | Refusal<"BIZ_DRAFT_TOO_LARGE", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Save the step basic_info, and begin a draft where there is none.
 *
 * The draft is the one that the cookie `__Host-draft-onboarding` names; the first step sets it.
 */
export const onboardingSaveBasicInfo: Operation<OnboardingSaveBasicInfoInput, OnboardingSaveBasicInfoResult, OnboardingSaveBasicInfoRefusal> = {
  name: "onboarding.save_basic_info",
  kind: "mutation",
  method: "PUT",
  path: "/api/v1/drafts/onboarding/basic-info",
  contract: "9eb844ec3f4f",
  body: true,
  keyed: false,
  tags: [],
};

export type OnboardingSavePublishInput = Publish;
export type OnboardingSavePublishResult = Progress;
export type OnboardingSavePublishRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DRAFT_NOT_FOUND", undefined>
  | Refusal<"BIZ_DRAFT_TOO_LARGE", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Save the step publish.
 *
 * The draft is the one that the cookie `__Host-draft-onboarding` names; the first step sets it.
 */
export const onboardingSavePublish: Operation<OnboardingSavePublishInput, OnboardingSavePublishResult, OnboardingSavePublishRefusal> = {
  name: "onboarding.save_publish",
  kind: "mutation",
  method: "PUT",
  path: "/api/v1/drafts/onboarding/publish",
  contract: "58d4895cc66e",
  body: true,
  keyed: false,
  tags: [],
};

export type OnboardingSaveServicesInput = Services;
export type OnboardingSaveServicesResult = Progress;
export type OnboardingSaveServicesRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DRAFT_NOT_FOUND", undefined>
  | Refusal<"BIZ_DRAFT_TOO_LARGE", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Save the step services.
 *
 * The draft is the one that the cookie `__Host-draft-onboarding` names; the first step sets it.
 */
export const onboardingSaveServices: Operation<OnboardingSaveServicesInput, OnboardingSaveServicesResult, OnboardingSaveServicesRefusal> = {
  name: "onboarding.save_services",
  kind: "mutation",
  method: "PUT",
  path: "/api/v1/drafts/onboarding/services",
  contract: "b4d11263f402",
  body: true,
  keyed: false,
  tags: [],
};

export interface OrganizationsAcceptInvitationInput {
  token: string;
}
export type OrganizationsAcceptInvitationResult = Organization;
export type OrganizationsAcceptInvitationRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_OTHER_ADDRESS", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_INVITATION_CLOSED", undefined>
  | Refusal<"BIZ_QUOTA_EXCEEDED", { resource: string; used: number; limit: number }>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Join the organization, if one's confirmed address is the invited one; the session in hand works in it.
 *
 * An invitation gives nothing that its sender may not give by now, and no place that the plan does not have.
 */
export const organizationsAcceptInvitation: Operation<OrganizationsAcceptInvitationInput, OrganizationsAcceptInvitationResult, OrganizationsAcceptInvitationRefusal> = {
  name: "organizations.accept_invitation",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/organizations/invitations/accept",
  contract: "68af3bdfacdf",
  body: true,
  keyed: false,
  tags: [],
};

export interface OrganizationsChangeRoleInput {
  /** A UUID. */
  id: string;
  /** A UUID. */
  user_id: string;
  role: string;
}
export type OrganizationsChangeRoleResult = Member;
export type OrganizationsChangeRoleRefusal =
  | Refusal<"AUTH_BEYOND_OWN_ROLE", undefined>
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_OWNERS_ONLY", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_LAST_OWNER", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Give a member another role: none that may do more than the caller, nor to somebody who may.
 *
 * Only an owner makes owners or takes it from them, and the last one stays. Open invitations that the member sent are
 * revoked, unless they may do everything now.
 */
export const organizationsChangeRole: Operation<OrganizationsChangeRoleInput, OrganizationsChangeRoleResult, OrganizationsChangeRoleRefusal> = {
  name: "organizations.change_role",
  kind: "mutation",
  method: "PATCH",
  path: "/api/v1/organizations/{id}/members/{user_id}",
  contract: "3498216b0e6c",
  body: true,
  keyed: false,
  tags: [],
};

export type OrganizationsCreateInput = NewOrganization;
export type OrganizationsCreateResult = Organization;
export type OrganizationsCreateRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_SLUG_TAKEN", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Found an organization; the caller becomes its owner. */
export const organizationsCreate: Operation<OrganizationsCreateInput, OrganizationsCreateResult, OrganizationsCreateRefusal> = {
  name: "organizations.create",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/organizations",
  contract: "f5781e7fa8a1",
  body: true,
  keyed: false,
  tags: [],
};

export interface OrganizationsCreateKeyInput {
  /** A UUID. */
  id: string;
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
export type OrganizationsCreateKeyResult = IssuedServiceKey;
export type OrganizationsCreateKeyRefusal =
  | Refusal<"AUTH_BEYOND_OWN_ROLE", undefined>
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"AUTH_SUDO_REQUIRED", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_TOO_MANY_KEYS", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Make an API key of the organization, which outlasts whoever made it; the token is shown once.
 *
 * Neither its role nor its scopes may do more than the caller. It is never an owner.
 */
export const organizationsCreateKey: Operation<OrganizationsCreateKeyInput, OrganizationsCreateKeyResult, OrganizationsCreateKeyRefusal> = {
  name: "organizations.create_key",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/organizations/{id}/keys",
  contract: "90dfa100748a",
  body: true,
  keyed: false,
  tags: [],
};

export interface OrganizationsCreateRoleInput {
  /** A UUID. */
  id: string;
  name: string;
  /** "" unless said. */
  description?: string;
  permissions: string[];
}
export type OrganizationsCreateRoleResult = Role;
export type OrganizationsCreateRoleRefusal =
  | Refusal<"AUTH_BEYOND_OWN_ROLE", undefined>
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_ROLE_EXISTS", undefined>
  | Refusal<"BIZ_TOO_MANY_ROLES", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Make a role of permissions that the caller holds. */
export const organizationsCreateRole: Operation<OrganizationsCreateRoleInput, OrganizationsCreateRoleResult, OrganizationsCreateRoleRefusal> = {
  name: "organizations.create_role",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/organizations/{id}/roles",
  contract: "e184afea4f26",
  body: true,
  keyed: false,
  tags: [],
};

export interface OrganizationsDeclineInvitationInput {
  token: string;
}
export type OrganizationsDeclineInvitationResult = Done;
export type OrganizationsDeclineInvitationRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_OTHER_ADDRESS", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_INVITATION_CLOSED", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Say no, once and for all, if one's confirmed address is the invited one. */
export const organizationsDeclineInvitation: Operation<OrganizationsDeclineInvitationInput, OrganizationsDeclineInvitationResult, OrganizationsDeclineInvitationRefusal> = {
  name: "organizations.decline_invitation",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/organizations/invitations/decline",
  contract: "09db7fee5d6c",
  body: true,
  keyed: false,
  tags: [],
};

export interface OrganizationsDeleteInput {
  /** A UUID. */
  id: string;
}
export type OrganizationsDeleteResult = Done;
export type OrganizationsDeleteRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_OWNERS_ONLY", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"AUTH_SUDO_REQUIRED", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Delete the organization: nobody enters it any more; its invitations and keys end. Only an owner may.
 *
 * The session in hand moves on to where its user has belonged for longest; other sessions work nowhere until they
 * choose. What the organization had is kept out of reach, and its slug is free again.
 */
export const organizationsDelete: Operation<OrganizationsDeleteInput, OrganizationsDeleteResult, OrganizationsDeleteRefusal> = {
  name: "organizations.delete",
  kind: "mutation",
  method: "DELETE",
  path: "/api/v1/organizations/{id}",
  contract: "66a94100870e",
  body: false,
  keyed: false,
  tags: [],
};

export interface OrganizationsDeleteRoleInput {
  /** A UUID. */
  id: string;
  name: string;
}
export type OrganizationsDeleteRoleResult = Done;
export type OrganizationsDeleteRoleRefusal =
  | Refusal<"AUTH_BEYOND_OWN_ROLE", undefined>
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_ROLE_IN_USE", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Delete a role that nobody has and nobody is invited to. */
export const organizationsDeleteRole: Operation<OrganizationsDeleteRoleInput, OrganizationsDeleteRoleResult, OrganizationsDeleteRoleRefusal> = {
  name: "organizations.delete_role",
  kind: "mutation",
  method: "DELETE",
  path: "/api/v1/organizations/{id}/roles/{name}",
  contract: "57779436d0ed",
  body: false,
  keyed: false,
  tags: [],
};

export type OrganizationsFindInput = void;
export type OrganizationsFindResult = Organization[];
export type OrganizationsFindRefusal =
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** The organizations that the caller belongs to. */
export const organizationsFind: Operation<OrganizationsFindInput, OrganizationsFindResult, OrganizationsFindRefusal> = {
  name: "organizations.find",
  kind: "query",
  method: "GET",
  path: "/api/v1/organizations",
  contract: "1c456e5a1608",
  body: false,
  keyed: false,
  tags: ["organizations"],
};

export interface OrganizationsFindInvitationsInput {
  /** A UUID. */
  id: string;
  /** 1 unless said. */
  page?: number;
  /** 20 unless said. */
  limit?: number;
}
export type OrganizationsFindInvitationsResult = Page<Invitation, NumberedMeta>;
export type OrganizationsFindInvitationsRefusal =
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** The invitations that nobody has answered, by address; expired ones too, which can be sent again. */
export const organizationsFindInvitations: Operation<OrganizationsFindInvitationsInput, OrganizationsFindInvitationsResult, OrganizationsFindInvitationsRefusal> = {
  name: "organizations.find_invitations",
  kind: "query",
  method: "GET",
  path: "/api/v1/organizations/{id}/invitations",
  contract: "9ecf98af4700",
  query: { page: "page", limit: "limit" },
  body: false,
  keyed: false,
  paging: "pages",
  tags: ["organizations"],
};

export interface OrganizationsFindKeysInput {
  /** A UUID. */
  id: string;
}
export type OrganizationsFindKeysResult = ServiceKey[];
export type OrganizationsFindKeysRefusal =
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** The organization's API keys, the newest first; expired ones too. */
export const organizationsFindKeys: Operation<OrganizationsFindKeysInput, OrganizationsFindKeysResult, OrganizationsFindKeysRefusal> = {
  name: "organizations.find_keys",
  kind: "query",
  method: "GET",
  path: "/api/v1/organizations/{id}/keys",
  contract: "2ca05453f976",
  body: false,
  keyed: false,
  tags: ["organizations"],
};

export interface OrganizationsFindMembersInput {
  /** A UUID. */
  id: string;
  /** 1 unless said. */
  page?: number;
  /** 20 unless said. */
  limit?: number;
}
export type OrganizationsFindMembersResult = Page<Member, NumberedMeta>;
export type OrganizationsFindMembersRefusal =
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** The people of the organization by name, and then the services that its API keys act as. */
export const organizationsFindMembers: Operation<OrganizationsFindMembersInput, OrganizationsFindMembersResult, OrganizationsFindMembersRefusal> = {
  name: "organizations.find_members",
  kind: "query",
  method: "GET",
  path: "/api/v1/organizations/{id}/members",
  contract: "1d5b1df01a3a",
  query: { page: "page", limit: "limit" },
  body: false,
  keyed: false,
  paging: "pages",
  tags: ["organizations"],
};

export interface OrganizationsFindPermissionsInput {
  /** A UUID. */
  id: string;
}
export type OrganizationsFindPermissionsResult = Permission[];
export type OrganizationsFindPermissionsRefusal =
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** What roles can be made of; the caller gives only what is `held`. */
export const organizationsFindPermissions: Operation<OrganizationsFindPermissionsInput, OrganizationsFindPermissionsResult, OrganizationsFindPermissionsRefusal> = {
  name: "organizations.find_permissions",
  kind: "query",
  method: "GET",
  path: "/api/v1/organizations/{id}/permissions",
  contract: "5d71c82fd9c7",
  body: false,
  keyed: false,
  tags: ["organizations"],
};

export interface OrganizationsFindRolesInput {
  /** A UUID. */
  id: string;
}
export type OrganizationsFindRolesResult = Role[];
export type OrganizationsFindRolesRefusal =
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** The roles that members may have: the application's first, then the organization's own. */
export const organizationsFindRoles: Operation<OrganizationsFindRolesInput, OrganizationsFindRolesResult, OrganizationsFindRolesRefusal> = {
  name: "organizations.find_roles",
  kind: "query",
  method: "GET",
  path: "/api/v1/organizations/{id}/roles",
  contract: "4ef91b4d6b12",
  body: false,
  keyed: false,
  tags: ["organizations"],
};

export interface OrganizationsGetInput {
  /** A UUID. */
  id: string;
}
export type OrganizationsGetResult = Organization;
export type OrganizationsGetRefusal =
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** One of the caller's organizations; any other is not found. */
export const organizationsGet: Operation<OrganizationsGetInput, OrganizationsGetResult, OrganizationsGetRefusal> = {
  name: "organizations.get",
  kind: "query",
  method: "GET",
  path: "/api/v1/organizations/{id}",
  contract: "6ac83a2ba640",
  body: false,
  keyed: false,
  tags: ["organizations"],
};

export interface OrganizationsInviteInput {
  /** A UUID. */
  id: string;
  email: string;
  role: string;
}
export type OrganizationsInviteResult = Invitation;
export type OrganizationsInviteRefusal =
  | Refusal<"AUTH_BEYOND_OWN_ROLE", undefined>
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_OWNERS_ONLY", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_ALREADY_MEMBER", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_QUOTA_EXCEEDED", { resource: string; used: number; limit: number }>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Invite somebody by mail, for 7 days, as nothing that may do more than the caller; again: a new link and date.
 *
 * Nor is an open invitation replaced that is to more than the caller may do.
 */
export const organizationsInvite: Operation<OrganizationsInviteInput, OrganizationsInviteResult, OrganizationsInviteRefusal> = {
  name: "organizations.invite",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/organizations/{id}/invitations",
  contract: "a5dac913a267",
  body: true,
  keyed: false,
  tags: [],
};

export interface OrganizationsLeaveInput {
  /** A UUID. */
  id: string;
}
export type OrganizationsLeaveResult = Done;
export type OrganizationsLeaveRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_LAST_OWNER", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Leave the organization; its last owner cannot. The session in hand moves on to another of one's own.
 *
 * Open invitations that one sent are revoked.
 */
export const organizationsLeave: Operation<OrganizationsLeaveInput, OrganizationsLeaveResult, OrganizationsLeaveRefusal> = {
  name: "organizations.leave",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/organizations/{id}/leave",
  contract: "601f142194ad",
  body: false,
  keyed: false,
  tags: [],
};

export interface OrganizationsPreviewInvitationInput {
  token: string;
}
export type OrganizationsPreviewInvitationResult = InvitationShown;
export type OrganizationsPreviewInvitationRefusal =
  | Refusal<"BIZ_INVITATION_CLOSED", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** What one is invited to; the token stands in the query, which no log line has. */
export const organizationsPreviewInvitation: Operation<OrganizationsPreviewInvitationInput, OrganizationsPreviewInvitationResult, OrganizationsPreviewInvitationRefusal> = {
  name: "organizations.preview_invitation",
  kind: "query",
  method: "GET",
  path: "/api/v1/organizations/invitations/preview",
  contract: "585dbb694886",
  query: { token: "token" },
  body: false,
  keyed: false,
  tags: ["organizations"],
};

export interface OrganizationsRemoveMemberInput {
  /** A UUID. */
  id: string;
  /** A UUID. */
  user_id: string;
}
export type OrganizationsRemoveMemberResult = Done;
export type OrganizationsRemoveMemberRefusal =
  | Refusal<"AUTH_BEYOND_OWN_ROLE", undefined>
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_OWNERS_ONLY", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_LAST_OWNER", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/**
 * Remove a member, whose next call is refused; open invitations that they sent are revoked.
 *
 * Nobody removes whoever may do more, and only an owner removes an owner.
 */
export const organizationsRemoveMember: Operation<OrganizationsRemoveMemberInput, OrganizationsRemoveMemberResult, OrganizationsRemoveMemberRefusal> = {
  name: "organizations.remove_member",
  kind: "mutation",
  method: "DELETE",
  path: "/api/v1/organizations/{id}/members/{user_id}",
  contract: "6c2c41af72c2",
  body: false,
  keyed: false,
  tags: [],
};

export interface OrganizationsRenameKeyInput {
  /** A UUID. */
  id: string;
  /** A UUID. */
  key_id: string;
  name: string;
}
export type OrganizationsRenameKeyResult = ServiceKey;
export type OrganizationsRenameKeyRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Call a key, and the service that it acts as, something else; what it may do stays as it was made. */
export const organizationsRenameKey: Operation<OrganizationsRenameKeyInput, OrganizationsRenameKeyResult, OrganizationsRenameKeyRefusal> = {
  name: "organizations.rename_key",
  kind: "mutation",
  method: "PATCH",
  path: "/api/v1/organizations/{id}/keys/{key_id}",
  contract: "3a6315ed036b",
  body: true,
  keyed: false,
  tags: [],
};

export interface OrganizationsRevokeInvitationInput {
  /** A UUID. */
  id: string;
  /** A UUID. */
  invitation_id: string;
}
export type OrganizationsRevokeInvitationResult = Done;
export type OrganizationsRevokeInvitationRefusal =
  | Refusal<"AUTH_BEYOND_OWN_ROLE", undefined>
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_OWNERS_ONLY", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Take an open invitation back, unless it is to more than the caller may do: its link is worthless. */
export const organizationsRevokeInvitation: Operation<OrganizationsRevokeInvitationInput, OrganizationsRevokeInvitationResult, OrganizationsRevokeInvitationRefusal> = {
  name: "organizations.revoke_invitation",
  kind: "mutation",
  method: "DELETE",
  path: "/api/v1/organizations/{id}/invitations/{invitation_id}",
  contract: "222440145777",
  body: false,
  keyed: false,
  tags: [],
};

export interface OrganizationsRevokeKeyInput {
  /** A UUID. */
  id: string;
  /** A UUID. */
  key_id: string;
}
export type OrganizationsRevokeKeyResult = Done;
export type OrganizationsRevokeKeyRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Delete a key of the organization, whose next call is refused, and the service that it acts as. */
export const organizationsRevokeKey: Operation<OrganizationsRevokeKeyInput, OrganizationsRevokeKeyResult, OrganizationsRevokeKeyRefusal> = {
  name: "organizations.revoke_key",
  kind: "mutation",
  method: "DELETE",
  path: "/api/v1/organizations/{id}/keys/{key_id}",
  contract: "96fa365b2022",
  body: false,
  keyed: false,
  tags: [],
};

export interface OrganizationsSwitchInput {
  /** A UUID. */
  id: string;
}
export type OrganizationsSwitchResult = Organization;
export type OrganizationsSwitchRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Let the session in hand work in this organization, wherever no other is named; in-process there is none. */
export const organizationsSwitch: Operation<OrganizationsSwitchInput, OrganizationsSwitchResult, OrganizationsSwitchRefusal> = {
  name: "organizations.switch",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/organizations/{id}/switch",
  contract: "7f8a05e761c5",
  body: false,
  keyed: false,
  tags: [],
};

export interface OrganizationsUpdateInput {
  /** A UUID. */
  id: string;
  name?: string | null;
  timezone?: string | null;
  version?: number | null;
}
export type OrganizationsUpdateResult = Organization;
export type OrganizationsUpdateRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_STALE_VERSION", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Rename the organization, or move it to another time zone; with `version`, only if nobody did so meanwhile. */
export const organizationsUpdate: Operation<OrganizationsUpdateInput, OrganizationsUpdateResult, OrganizationsUpdateRefusal> = {
  name: "organizations.update",
  kind: "mutation",
  method: "PATCH",
  path: "/api/v1/organizations/{id}",
  contract: "1c47c15c9e08",
  body: true,
  keyed: false,
  tags: [],
};

export interface OrganizationsUpdateRoleInput {
  /** A UUID. */
  id: string;
  name: string;
  description?: string | null;
  permissions?: string[] | null;
  version?: number | null;
}
export type OrganizationsUpdateRoleResult = Role;
export type OrganizationsUpdateRoleRefusal =
  | Refusal<"AUTH_BEYOND_OWN_ROLE", undefined>
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_STALE_VERSION", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Change what a role may do, at once for all who have it: neither from nor to more than the caller may do. */
export const organizationsUpdateRole: Operation<OrganizationsUpdateRoleInput, OrganizationsUpdateRoleResult, OrganizationsUpdateRoleRefusal> = {
  name: "organizations.update_role",
  kind: "mutation",
  method: "PATCH",
  path: "/api/v1/organizations/{id}/roles/{name}",
  contract: "7a1b24f8b2dc",
  body: true,
  keyed: false,
  tags: [],
};

export type PreferencesGetInput = void;
export type PreferencesGetResult = Preferences;
export type PreferencesGetRefusal =
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Read one's own preferences, or the usual ones. */
export const preferencesGet: Operation<PreferencesGetInput, PreferencesGetResult, PreferencesGetRefusal> = {
  name: "preferences.get",
  kind: "query",
  method: "GET",
  path: "/api/v1/preferences",
  contract: "11b6a67f775f",
  body: false,
  keyed: false,
  tags: ["preferences"],
};

export type PreferencesReplaceInput = Preferences;
export type PreferencesReplaceResult = Preferences;
export type PreferencesReplaceRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Replace one's own preferences, in every business that one works in. */
export const preferencesReplace: Operation<PreferencesReplaceInput, PreferencesReplaceResult, PreferencesReplaceRefusal> = {
  name: "preferences.replace",
  kind: "mutation",
  method: "PUT",
  path: "/api/v1/preferences",
  contract: "17783b22e3c4",
  body: true,
  keyed: false,
  tags: [],
};

export type ServicesCreateInput = NewService;
export type ServicesCreateResult = Service;
export type ServicesCreateRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_SERVICE_EXISTS", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"IDEMPOTENCY_IN_PROGRESS", undefined>
  | Refusal<"IDEMPOTENCY_KEY_MALFORMED", undefined>
  | Refusal<"IDEMPOTENCY_KEY_REUSED", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Offer a service. */
export const servicesCreate: Operation<ServicesCreateInput, ServicesCreateResult, ServicesCreateRefusal> = {
  name: "services.create",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/services",
  contract: "f60183f2f8cd",
  body: true,
  keyed: true,
  tags: [],
};

export interface ServicesFindInput {
  active?: boolean | null;
  /** 1 unless said. */
  page?: number;
  /** 20 unless said. */
  limit?: number;
}
export type ServicesFindResult = Page<Service, NumberedMeta>;
export type ServicesFindRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** List services by name. */
export const servicesFind: Operation<ServicesFindInput, ServicesFindResult, ServicesFindRefusal> = {
  name: "services.find",
  kind: "query",
  method: "GET",
  path: "/api/v1/services",
  contract: "b75a2c90f907",
  query: { active: "active", page: "page", limit: "limit" },
  body: false,
  keyed: false,
  paging: "pages",
  tags: ["services"],
};

export interface ServicesGetInput {
  /** A UUID. */
  id: string;
}
export type ServicesGetResult = Service;
export type ServicesGetRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Read one service. */
export const servicesGet: Operation<ServicesGetInput, ServicesGetResult, ServicesGetRefusal> = {
  name: "services.get",
  kind: "query",
  method: "GET",
  path: "/api/v1/services/{id}",
  contract: "3b153b77bc2b",
  body: false,
  keyed: false,
  tags: ["services"],
};

export interface ServicesUpdateInput {
  /** A UUID. */
  id: string;
  name?: string;
  description?: string | null;
  duration_minutes?: number;
  /** In minor units: 4500 is 45.00. 0 unless said. */
  price_minor?: number;
  currency?: string;
  /** true unless said. */
  active?: boolean;
  version?: number | null;
}
export type ServicesUpdateResult = Service;
export type ServicesUpdateRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_SERVICE_EXISTS", undefined>
  | Refusal<"BIZ_STALE_VERSION", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Change a service: absent members stay, null clears. */
export const servicesUpdate: Operation<ServicesUpdateInput, ServicesUpdateResult, ServicesUpdateRefusal> = {
  name: "services.update",
  kind: "mutation",
  method: "PATCH",
  path: "/api/v1/services/{id}",
  contract: "d43fabd4ea00",
  body: true,
  keyed: false,
  tags: [],
};

export type StaffCreateInput = NewStaffMember;
export type StaffCreateResult = StaffMember;
export type StaffCreateRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_QUOTA_EXCEEDED", { resource: string; used: number; limit: number }>
  | Refusal<"BIZ_STAFF_EMAIL_TAKEN", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"IDEMPOTENCY_IN_PROGRESS", undefined>
  | Refusal<"IDEMPOTENCY_KEY_MALFORMED", undefined>
  | Refusal<"IDEMPOTENCY_KEY_REUSED", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Add somebody to the staff. */
export const staffCreate: Operation<StaffCreateInput, StaffCreateResult, StaffCreateRefusal> = {
  name: "staff.create",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/staff",
  contract: "352ac74c2565",
  body: true,
  keyed: true,
  tags: [],
};

export interface StaffDeleteInput {
  /** A UUID. */
  id: string;
}
export type StaffDeleteResult = Done;
export type StaffDeleteRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_STAFF_BOOKED", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Remove somebody who has never had an appointment; the plan has room for another then. */
export const staffDelete: Operation<StaffDeleteInput, StaffDeleteResult, StaffDeleteRefusal> = {
  name: "staff.delete",
  kind: "mutation",
  method: "DELETE",
  path: "/api/v1/staff/{id}",
  contract: "1f7dfcc63675",
  body: false,
  keyed: false,
  tags: [],
};

export interface StaffFindInput {
  active?: boolean | null;
  /** 1 unless said. */
  page?: number;
  /** 20 unless said. */
  limit?: number;
}
export type StaffFindResult = Page<StaffMember, NumberedMeta>;
export type StaffFindRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** List the staff by name. */
export const staffFind: Operation<StaffFindInput, StaffFindResult, StaffFindRefusal> = {
  name: "staff.find",
  kind: "query",
  method: "GET",
  path: "/api/v1/staff",
  contract: "f1daae73f45e",
  query: { active: "active", page: "page", limit: "limit" },
  body: false,
  keyed: false,
  paging: "pages",
  tags: ["staff"],
};

export interface StaffGetInput {
  /** A UUID. */
  id: string;
}
export type StaffGetResult = StaffMember;
export type StaffGetRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Read one member of the staff. */
export const staffGet: Operation<StaffGetInput, StaffGetResult, StaffGetRefusal> = {
  name: "staff.get",
  kind: "query",
  method: "GET",
  path: "/api/v1/staff/{id}",
  contract: "81a4ad929698",
  body: false,
  keyed: false,
  tags: ["staff"],
};

export interface StaffUpdateInput {
  /** A UUID. */
  id: string;
  name?: string;
  email?: string | null;
  title?: string | null;
  /** true unless said. */
  active?: boolean;
  version?: number | null;
}
export type StaffUpdateResult = StaffMember;
export type StaffUpdateRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_STAFF_EMAIL_TAKEN", undefined>
  | Refusal<"BIZ_STALE_VERSION", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Change a member of the staff: absent members stay, null clears. */
export const staffUpdate: Operation<StaffUpdateInput, StaffUpdateResult, StaffUpdateRefusal> = {
  name: "staff.update",
  kind: "mutation",
  method: "PATCH",
  path: "/api/v1/staff/{id}",
  contract: "0a18ae27bda6",
  body: true,
  keyed: false,
  tags: [],
};

export type UsageReadInput = void;
export type UsageReadResult = UsageReport;
export type UsageReadRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** What the plan allows, and how much of it is used. */
export const usageRead: Operation<UsageReadInput, UsageReadResult, UsageReadRefusal> = {
  name: "usage.read",
  kind: "query",
  method: "GET",
  path: "/api/v1/usage",
  contract: "452b21ec624b",
  body: false,
  keyed: false,
  tags: ["usage"],
};

export type UsersCreateInput = NewUserV2;
export type UsersCreateResult = UserV2;
export type UsersCreateRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_EMAIL_TAKEN", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Make an account without a password; its owner chooses one by the link of a mail. */
export const usersCreate: Operation<UsersCreateInput, UsersCreateResult, UsersCreateRefusal> = {
  name: "users.create",
  kind: "mutation",
  method: "POST",
  path: "/api/v2/users",
  contract: "b54ab789c8ad",
  body: true,
  keyed: false,
  tags: [],
};

export interface UsersDeleteInput {
  /** A UUID. */
  id: string;
}
export type UsersDeleteResult = Done;
export type UsersDeleteRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_OWN_ACCOUNT", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"AUTH_SUDO_REQUIRED", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_LAST_OWNER", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Delete a person's account, with sessions and keys; refused for the last owner of an organization. */
export const usersDelete: Operation<UsersDeleteInput, UsersDeleteResult, UsersDeleteRefusal> = {
  name: "users.delete",
  kind: "mutation",
  method: "DELETE",
  path: "/api/v2/users/{id}",
  contract: "61f8fe4f56fe",
  body: false,
  keyed: false,
  tags: [],
};

export interface UsersFindInput {
  q?: string | null;
  kind?: "person" | "service" | null;
  verified?: boolean | null;
  operator?: boolean | null;
  /** 1 unless said. */
  page?: number;
  /** 20 unless said. */
  limit?: number;
}
export type UsersFindResult = Page<UserV2, NumberedMeta>;
export type UsersFindRefusal =
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Everybody's accounts by address, those of organizations' API keys among them. */
export const usersFind: Operation<UsersFindInput, UsersFindResult, UsersFindRefusal> = {
  name: "users.find",
  kind: "query",
  method: "GET",
  path: "/api/v2/users",
  contract: "78a076338a67",
  query: { q: "q", kind: "kind", verified: "verified", operator: "operator", page: "page", limit: "limit" },
  body: false,
  keyed: false,
  paging: "pages",
  tags: ["users"],
};

export interface UsersGetInput {
  /** A UUID. */
  id: string;
}
export type UsersGetResult = UserV2;
export type UsersGetRefusal =
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Somebody's account. */
export const usersGet: Operation<UsersGetInput, UsersGetResult, UsersGetRefusal> = {
  name: "users.get",
  kind: "query",
  method: "GET",
  path: "/api/v2/users/{id}",
  contract: "a0fc0b3a2d9a",
  body: false,
  keyed: false,
  tags: ["users"],
};

export interface UsersUpdateInput {
  /** A UUID. */
  id: string;
  email_verified?: boolean | null;
  operator?: boolean | null;
  first_name?: string | null;
  last_name?: string | null;
  if_match?: string | null;
}
export type UsersUpdateResult = UserV2;
export type UsersUpdateRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_KEY_REFUSED", undefined>
  | Refusal<"AUTH_OWN_ACCOUNT", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"AUTH_SUDO_REQUIRED", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_STALE_VERSION", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Change a person's name, whether the address counts as confirmed, or who is an operator; not for oneself. */
export const usersUpdate: Operation<UsersUpdateInput, UsersUpdateResult, UsersUpdateRefusal> = {
  name: "users.update",
  kind: "mutation",
  method: "PATCH",
  path: "/api/v2/users/{id}",
  contract: "8ae45e39b488",
  headers: { if_match: "if-match" },
  body: true,
  keyed: false,
  tags: [],
};

export type WebhooksCreateEndpointInput = NewEndpoint;
export type WebhooksCreateEndpointResult = IssuedEndpoint;
export type WebhooksCreateEndpointRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_TOO_MANY_ENDPOINTS", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Have events sent to an address from now on; the secret that signs them is shown once. */
export const webhooksCreateEndpoint: Operation<WebhooksCreateEndpointInput, WebhooksCreateEndpointResult, WebhooksCreateEndpointRefusal> = {
  name: "webhooks.create_endpoint",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/webhooks/endpoints",
  contract: "8f4645ea50bc",
  body: true,
  keyed: false,
  tags: [],
};

export interface WebhooksDeleteEndpointInput {
  /** A UUID. */
  id: string;
}
export type WebhooksDeleteEndpointResult = Done;
export type WebhooksDeleteEndpointRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Delete an endpoint with its secret and the log of its deliveries. */
export const webhooksDeleteEndpoint: Operation<WebhooksDeleteEndpointInput, WebhooksDeleteEndpointResult, WebhooksDeleteEndpointRefusal> = {
  name: "webhooks.delete_endpoint",
  kind: "mutation",
  method: "DELETE",
  path: "/api/v1/webhooks/endpoints/{id}",
  contract: "334d03aa0c56",
  body: false,
  keyed: false,
  tags: [],
};

export interface WebhooksFindDeliveriesInput {
  /** A UUID. */
  id: string;
  state?: "waiting" | "done" | "failed" | null;
  event?: string | null;
  /** 20 unless said. */
  limit?: number;
  after?: string | null;
}
export type WebhooksFindDeliveriesResult = Page<Delivery, CursorMeta>;
export type WebhooksFindDeliveriesRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** What was and is to be delivered to an endpoint, the newest first. */
export const webhooksFindDeliveries: Operation<WebhooksFindDeliveriesInput, WebhooksFindDeliveriesResult, WebhooksFindDeliveriesRefusal> = {
  name: "webhooks.find_deliveries",
  kind: "query",
  method: "GET",
  path: "/api/v1/webhooks/endpoints/{id}/deliveries",
  contract: "3589d1b246a7",
  query: { state: "state", event: "event", limit: "limit", after: "after" },
  body: false,
  keyed: false,
  paging: "cursor",
  tags: ["webhooks"],
};

export type WebhooksFindEndpointsInput = void;
export type WebhooksFindEndpointsResult = Endpoint[];
export type WebhooksFindEndpointsRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** The organization's endpoints, the oldest first. */
export const webhooksFindEndpoints: Operation<WebhooksFindEndpointsInput, WebhooksFindEndpointsResult, WebhooksFindEndpointsRefusal> = {
  name: "webhooks.find_endpoints",
  kind: "query",
  method: "GET",
  path: "/api/v1/webhooks/endpoints",
  contract: "62c635bff1ac",
  body: false,
  keyed: false,
  tags: ["webhooks"],
};

export type WebhooksFindEventsInput = void;
export type WebhooksFindEventsResult = EventKind[];
export type WebhooksFindEventsRefusal =
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Every event that an endpoint can be told of, with the JSON Schema of its data. */
export const webhooksFindEvents: Operation<WebhooksFindEventsInput, WebhooksFindEventsResult, WebhooksFindEventsRefusal> = {
  name: "webhooks.find_events",
  kind: "query",
  method: "GET",
  path: "/api/v1/webhooks/events",
  contract: "7ae622f21064",
  body: false,
  keyed: false,
  tags: ["webhooks"],
};

export interface WebhooksGetDeliveryInput {
  /** A UUID. */
  id: string;
}
export type WebhooksGetDeliveryResult = DeliveryShown;
export type WebhooksGetDeliveryRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** A delivery: what is sent, and how each attempt went. */
export const webhooksGetDelivery: Operation<WebhooksGetDeliveryInput, WebhooksGetDeliveryResult, WebhooksGetDeliveryRefusal> = {
  name: "webhooks.get_delivery",
  kind: "query",
  method: "GET",
  path: "/api/v1/webhooks/deliveries/{id}",
  contract: "7abcb895dc4d",
  body: false,
  keyed: false,
  tags: ["webhooks"],
};

export interface WebhooksGetEndpointInput {
  /** A UUID. */
  id: string;
}
export type WebhooksGetEndpointResult = Endpoint;
export type WebhooksGetEndpointRefusal =
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** One endpoint. */
export const webhooksGetEndpoint: Operation<WebhooksGetEndpointInput, WebhooksGetEndpointResult, WebhooksGetEndpointRefusal> = {
  name: "webhooks.get_endpoint",
  kind: "query",
  method: "GET",
  path: "/api/v1/webhooks/endpoints/{id}",
  contract: "cfec356943cc",
  body: false,
  keyed: false,
  tags: ["webhooks"],
};

export interface WebhooksRedeliverInput {
  /** A UUID. */
  id: string;
}
export type WebhooksRedeliverResult = Delivery;
export type WebhooksRedeliverRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_ENDPOINT_DISABLED", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Deliver once more, with all attempts: the same `webhook-id` and body, signed with the secret of now. */
export const webhooksRedeliver: Operation<WebhooksRedeliverInput, WebhooksRedeliverResult, WebhooksRedeliverRefusal> = {
  name: "webhooks.redeliver",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/webhooks/deliveries/{id}/redeliver",
  contract: "bf46f562cc16",
  body: false,
  keyed: false,
  tags: [],
};

export interface WebhooksRedeliverMissedInput {
  /** A UUID. */
  id: string;
  /** "failed" unless said. */
  state?: "failed" | "done";
  /** An instant (RFC 3339). */
  since?: string | null;
  /** An instant (RFC 3339). */
  until?: string | null;
}
export type WebhooksRedeliverMissedResult = number;
export type WebhooksRedeliverMissedRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_ENDPOINT_DISABLED", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Deliver once more all that has failed, or what has arrived, of some time; how many deliveries that are. */
export const webhooksRedeliverMissed: Operation<WebhooksRedeliverMissedInput, WebhooksRedeliverMissedResult, WebhooksRedeliverMissedRefusal> = {
  name: "webhooks.redeliver_missed",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/webhooks/endpoints/{id}/redeliver",
  contract: "1ac667a4b4c1",
  body: true,
  keyed: false,
  tags: [],
};

export interface WebhooksRotateSecretInput {
  /** A UUID. */
  id: string;
  overlap_hours?: number | null;
}
export type WebhooksRotateSecretResult = IssuedEndpoint;
export type WebhooksRotateSecretRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Give an endpoint another secret, shown once; the former one signs beside it for as long as the overlap. */
export const webhooksRotateSecret: Operation<WebhooksRotateSecretInput, WebhooksRotateSecretResult, WebhooksRotateSecretRefusal> = {
  name: "webhooks.rotate_secret",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/webhooks/endpoints/{id}/rotate",
  contract: "fcb0ca49bfc7",
  body: true,
  keyed: false,
  tags: [],
};

export interface WebhooksSendSampleInput {
  /** A UUID. */
  id: string;
  event?: string | null;
}
export type WebhooksSendSampleResult = Delivery;
export type WebhooksSendSampleRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Send an example of an event, marked by `"sample": true`, once; to one that is switched off, too. */
export const webhooksSendSample: Operation<WebhooksSendSampleInput, WebhooksSendSampleResult, WebhooksSendSampleRefusal> = {
  name: "webhooks.send_sample",
  kind: "mutation",
  method: "POST",
  path: "/api/v1/webhooks/endpoints/{id}/test",
  contract: "d8c2eb270e88",
  body: true,
  keyed: false,
  tags: [],
};

export interface WebhooksUpdateEndpointInput {
  /** A UUID. */
  id: string;
  url?: string | null;
  events?: string[] | null;
  description?: string | null;
  enabled?: boolean | null;
  plain_headers?: boolean | null;
  at_once?: number | null;
  version?: number | null;
}
export type WebhooksUpdateEndpointResult = Endpoint;
export type WebhooksUpdateEndpointRefusal =
  | Refusal<"AUTH_CROSS_SITE", undefined>
  | Refusal<"AUTH_NO_ORGANIZATION", undefined>
  | Refusal<"AUTH_SCOPE_MISSING", undefined>
  | Refusal<"AUTH_SIGN_IN_AGAIN", undefined>
  | Refusal<"BIZ_DUPLICATE_ENTRY", undefined>
  | Refusal<"BIZ_STALE_VERSION", undefined>
  | Refusal<"CONFLICT", undefined>
  | Refusal<"EXTERNAL_SERVICE_ERROR", undefined>
  | Refusal<"FORBIDDEN", undefined>
  | Refusal<"INTERNAL_ERROR", undefined>
  | Refusal<"NOT_FOUND", undefined>
  | Refusal<"PAYLOAD_TOO_LARGE", undefined>
  | Refusal<"RATE_LIMIT_EXCEEDED", undefined>
  | Refusal<"SYS_TIMEOUT", undefined>
  | Refusal<"UNAUTHORIZED", undefined>
  | Refusal<"UNSUPPORTED_MEDIA_TYPE", undefined>
  | Refusal<"VALIDATION_ERROR", undefined>;
/** Change an endpoint, or switch it off or on; what waits for one that is switched off counts as failed. */
export const webhooksUpdateEndpoint: Operation<WebhooksUpdateEndpointInput, WebhooksUpdateEndpointResult, WebhooksUpdateEndpointRefusal> = {
  name: "webhooks.update_endpoint",
  kind: "mutation",
  method: "PATCH",
  path: "/api/v1/webhooks/endpoints/{id}",
  contract: "0f1fec6f3d1a",
  body: true,
  keyed: false,
  tags: [],
};
