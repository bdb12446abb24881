// Drawn by `portico client ts`: change the actions, and draw it again.
import type { QueryClient } from "@tanstack/react-query";
import * as actions from "./actions.ts";
import { type Changes, mutationOf, optionsOf } from "./query.ts";
import { type QueryHookOptions, useAction, useChange, useEndless } from "./react.ts";
import type { Client } from "./runtime.ts";

/** Cancel up to 100 appointments for one reason; one that is over undoes all. */
export function appointmentBatchesCancelManyOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.AppointmentBatchesCancelManyInput> = [],
) {
  return mutationOf(client, actions.appointmentBatchesCancelMany, queries, changes);
}
/** Cancel up to 100 appointments for one reason; one that is over undoes all. */
export function useAppointmentBatchesCancelMany(...changes: Changes<actions.AppointmentBatchesCancelManyInput>) {
  return useChange(actions.appointmentBatchesCancelMany, ...changes);
}

/** Confirm up to 100 appointments and give those that were not confirmed before; one that is over undoes all. */
export function appointmentBatchesConfirmManyOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.AppointmentBatchesConfirmManyInput> = [],
) {
  return mutationOf(client, actions.appointmentBatchesConfirmMany, queries, changes);
}
/** Confirm up to 100 appointments and give those that were not confirmed before; one that is over undoes all. */
export function useAppointmentBatchesConfirmMany(...changes: Changes<actions.AppointmentBatchesConfirmManyInput>) {
  return useChange(actions.appointmentBatchesConfirmMany, ...changes);
}

/** Cancel an appointment, saying why; its slot is free again. */
export function appointmentsCancelOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.AppointmentsCancelInput> = [],
) {
  return mutationOf(client, actions.appointmentsCancel, queries, changes);
}
/** Cancel an appointment, saying why; its slot is free again. */
export function useAppointmentsCancel(...changes: Changes<actions.AppointmentsCancelInput>) {
  return useChange(actions.appointmentsCancel, ...changes);
}

/** Book a slot for a customer. */
export function appointmentsCreateOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.AppointmentsCreateInput> = [],
) {
  return mutationOf(client, actions.appointmentsCreate, queries, changes);
}
/** Book a slot for a customer. */
export function useAppointmentsCreate(...changes: Changes<actions.AppointmentsCreateInput>) {
  return useChange(actions.appointmentsCreate, ...changes);
}

/** List appointments by time; `day` is a day in the organization's time zone. */
export function appointmentsFindOptions(client: Client, input: actions.AppointmentsFindInput) {
  return optionsOf(client, actions.appointmentsFind, input);
}
/** List appointments by time; `day` is a day in the organization's time zone. */
export function useAppointmentsFind(input: actions.AppointmentsFindInput, options?: QueryHookOptions) {
  return useAction(actions.appointmentsFind, input, options);
}
/** List appointments by time; `day` is a day in the organization's time zone. Page after page. */
export function useAppointmentsFindEndless(input: actions.AppointmentsFindInput) {
  return useEndless(actions.appointmentsFind, input);
}

/** Read one appointment. */
export function appointmentsGetOptions(client: Client, input: actions.AppointmentsGetInput) {
  return optionsOf(client, actions.appointmentsGet, input);
}
/** Read one appointment. */
export function useAppointmentsGet(input: actions.AppointmentsGetInput, options?: QueryHookOptions) {
  return useAction(actions.appointmentsGet, input, options);
}

/** Give an appointment another time, and another member of staff if named. */
export function appointmentsRescheduleOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.AppointmentsRescheduleInput> = [],
) {
  return mutationOf(client, actions.appointmentsReschedule, queries, changes);
}
/** Give an appointment another time, and another member of staff if named. */
export function useAppointmentsReschedule(...changes: Changes<actions.AppointmentsRescheduleInput>) {
  return useChange(actions.appointmentsReschedule, ...changes);
}

/** Change status or notes: absent members stay, null clears. */
export function appointmentsUpdateOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.AppointmentsUpdateInput> = [],
) {
  return mutationOf(client, actions.appointmentsUpdate, queries, changes);
}
/** Change status or notes: absent members stay, null clears. */
export function useAppointmentsUpdate(...changes: Changes<actions.AppointmentsUpdateInput>) {
  return useChange(actions.appointmentsUpdate, ...changes);
}

/** List what was done and refused, the newest first. */
export function auditFindOptions(client: Client, input: actions.AuditFindInput) {
  return optionsOf(client, actions.auditFind, input);
}
/** List what was done and refused, the newest first. */
export function useAuditFind(input: actions.AuditFindInput, options?: QueryHookOptions) {
  return useAction(actions.auditFind, input, options);
}
/** List what was done and refused, the newest first. Page after page. */
export function useAuditFindEndless(input: actions.AuditFindInput) {
  return useEndless(actions.auditFind, input);
}

/** Tell how far the audit is sealed. */
export function auditFindSealsOptions(client: Client) {
  return optionsOf(client, actions.auditFindSeals, undefined);
}
/** Tell how far the audit is sealed. */
export function useAuditFindSeals(options?: QueryHookOptions) {
  return useAction(actions.auditFindSeals, undefined, options);
}

/** List when a member of staff is free for a service; `day` is a day in the organization's time zone. */
export function availabilityFindOptions(client: Client, input: actions.AvailabilityFindInput) {
  return optionsOf(client, actions.availabilityFind, input);
}
/** List when a member of staff is free for a service; `day` is a day in the organization's time zone. */
export function useAvailabilityFind(input: actions.AvailabilityFindInput, options?: QueryHookOptions) {
  return useAction(actions.availabilityFind, input, options);
}

/** What the business is subscribed to; not found where it never was. */
export function billingGetOptions(client: Client) {
  return optionsOf(client, actions.billingGet, undefined);
}
/** What the business is subscribed to; not found where it never was. */
export function useBillingGet(options?: QueryHookOptions) {
  return useAction(actions.billingGet, undefined, options);
}

/** Add a customer. */
export function customersCreateOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.CustomersCreateInput> = [],
) {
  return mutationOf(client, actions.customersCreate, queries, changes);
}
/** Add a customer. */
export function useCustomersCreate(...changes: Changes<actions.CustomersCreateInput>) {
  return useChange(actions.customersCreate, ...changes);
}

/** Delete a customer who never had an appointment. */
export function customersDeleteOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.CustomersDeleteInput> = [],
) {
  return mutationOf(client, actions.customersDelete, queries, changes);
}
/** Delete a customer who never had an appointment. */
export function useCustomersDelete(...changes: Changes<actions.CustomersDeleteInput>) {
  return useChange(actions.customersDelete, ...changes);
}

/** List customers by name; `search` looks into name, e-mail address and phone number. */
export function customersFindOptions(client: Client, input: actions.CustomersFindInput) {
  return optionsOf(client, actions.customersFind, input);
}
/** List customers by name; `search` looks into name, e-mail address and phone number. */
export function useCustomersFind(input: actions.CustomersFindInput, options?: QueryHookOptions) {
  return useAction(actions.customersFind, input, options);
}
/** List customers by name; `search` looks into name, e-mail address and phone number. Page after page. */
export function useCustomersFindEndless(input: actions.CustomersFindInput) {
  return useEndless(actions.customersFind, input);
}

/** Read one customer. */
export function customersGetOptions(client: Client, input: actions.CustomersGetInput) {
  return optionsOf(client, actions.customersGet, input);
}
/** Read one customer. */
export function useCustomersGet(input: actions.CustomersGetInput, options?: QueryHookOptions) {
  return useAction(actions.customersGet, input, options);
}

/** Change a customer: absent members stay, null clears. */
export function customersUpdateOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.CustomersUpdateInput> = [],
) {
  return mutationOf(client, actions.customersUpdate, queries, changes);
}
/** Change a customer: absent members stay, null clears. */
export function useCustomersUpdate(...changes: Changes<actions.CustomersUpdateInput>) {
  return useChange(actions.customersUpdate, ...changes);
}

/** What was taken over from the calendar elsewhere and is not over yet, 500 entries at most; how that went. */
export function diaryGetOptions(client: Client) {
  return optionsOf(client, actions.diaryGet, undefined);
}
/** What was taken over from the calendar elsewhere and is not over yet, 500 entries at most; how that went. */
export function useDiaryGet(options?: QueryHookOptions) {
  return useAction(actions.diaryGet, undefined, options);
}

/** Have the calendar elsewhere taken over, soon; asked for twice before it has begun, it is done once. */
export function diaryStartOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.DiaryStartInput> = [],
) {
  return mutationOf(client, actions.diaryStart, queries, changes);
}
/** Have the calendar elsewhere taken over, soon; asked for twice before it has begun, it is done once. */
export function useDiaryStart(...changes: Changes<actions.DiaryStartInput>) {
  return useChange(actions.diaryStart, ...changes);
}

/** Every experiment that the application declares. */
export function experimentsFindOptions(client: Client) {
  return optionsOf(client, actions.experimentsFind, undefined);
}
/** Every experiment that the application declares. */
export function useExperimentsFind(options?: QueryHookOptions) {
  return useAction(actions.experimentsFind, undefined, options);
}

/** What an experiment has come to: exposures, conversions, rates, intervals, and the difference to control. */
export function experimentsGetOptions(client: Client, input: actions.ExperimentsGetInput) {
  return optionsOf(client, actions.experimentsGet, input);
}
/** What an experiment has come to: exposures, conversions, rates, intervals, and the difference to control. */
export function useExperimentsGet(input: actions.ExperimentsGetInput, options?: QueryHookOptions) {
  return useAction(actions.experimentsGet, input, options);
}

/** Every flag that the application declares, and what is set. */
export function flagsFindOptions(client: Client) {
  return optionsOf(client, actions.flagsFind, undefined);
}
/** Every flag that the application declares, and what is set. */
export function useFlagsFind(options?: QueryHookOptions) {
  return useAction(actions.flagsFind, undefined, options);
}

/** Let the application's default hold again. */
export function flagsResetOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.FlagsResetInput> = [],
) {
  return mutationOf(client, actions.flagsReset, queries, changes);
}
/** Let the application's default hold again. */
export function useFlagsReset(...changes: Changes<actions.FlagsResetInput>) {
  return useChange(actions.flagsReset, ...changes);
}

/** Set a flag; every process has it within a second. */
export function flagsSetFlagOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.FlagsSetFlagInput> = [],
) {
  return mutationOf(client, actions.flagsSetFlag, queries, changes);
}
/** Set a flag; every process has it within a second. */
export function useFlagsSetFlag(...changes: Changes<actions.FlagsSetFlagInput>) {
  return useChange(actions.flagsSetFlag, ...changes);
}

/** List the holidays of a year that the business has taken over. */
export function holidaysFindOptions(client: Client, input: actions.HolidaysFindInput) {
  return optionsOf(client, actions.holidaysFind, input);
}
/** List the holidays of a year that the business has taken over. */
export function useHolidaysFind(input: actions.HolidaysFindInput, options?: QueryHookOptions) {
  return useAction(actions.holidaysFind, input, options);
}

/** Take a year over from the calendar elsewhere; what is there already gets the calendar's name. */
export function holidaysImportYearOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.HolidaysImportYearInput> = [],
) {
  return mutationOf(client, actions.holidaysImportYear, queries, changes);
}
/** Take a year over from the calendar elsewhere; what is there already gets the calendar's name. */
export function useHolidaysImportYear(...changes: Changes<actions.HolidaysImportYearInput>) {
  return useChange(actions.holidaysImportYear, ...changes);
}

/** Look a year up elsewhere; where the calendar is out of reach, its holidays are unknown. */
export function holidaysLookUpOptions(client: Client, input: actions.HolidaysLookUpInput) {
  return optionsOf(client, actions.holidaysLookUp, input);
}
/** Look a year up elsewhere; where the calendar is out of reach, its holidays are unknown. */
export function useHolidaysLookUp(input: actions.HolidaysLookUpInput, options?: QueryHookOptions) {
  return useAction(actions.holidaysLookUp, input, options);
}

/** Read the week: every span in which the business is open. */
export function hoursFindOptions(client: Client) {
  return optionsOf(client, actions.hoursFind, undefined);
}
/** Read the week: every span in which the business is open. */
export function useHoursFind(options?: QueryHookOptions) {
  return useAction(actions.hoursFind, undefined, options);
}

/** Replace the week; what is booked stays booked. */
export function hoursReplaceOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.HoursReplaceInput> = [],
) {
  return mutationOf(client, actions.hoursReplace, queries, changes);
}
/** Replace the week; what is booked stays booked. */
export function useHoursReplace(...changes: Changes<actions.HoursReplaceInput>) {
  return useChange(actions.hoursReplace, ...changes);
}

/** Add a passkey that a browser has made: it signs in alone, as password and second factor in one. */
export function identityAddPasskeyOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityAddPasskeyInput> = [],
) {
  return mutationOf(client, actions.identityAddPasskey, queries, changes);
}
/** Add a passkey that a browser has made: it signs in alone, as password and second factor in one. */
export function useIdentityAddPasskey(...changes: Changes<actions.IdentityAddPasskeyInput>) {
  return useChange(actions.identityAddPasskey, ...changes);
}

/** What a browser needs to show one of one's own passkeys again. */
export function identityAskForOwnPasskeyOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityAskForOwnPasskeyInput> = [],
) {
  return mutationOf(client, actions.identityAskForOwnPasskey, queries, changes);
}
/** What a browser needs to show one of one's own passkeys again. */
export function useIdentityAskForOwnPasskey(...changes: Changes<actions.IdentityAskForOwnPasskeyInput>) {
  return useChange(actions.identityAskForOwnPasskey, ...changes);
}

/** What a browser needs to sign in by a passkey, whosever: `navigator.credentials.get({publicKey: options})`. */
export function identityAskForPasskeyOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityAskForPasskeyInput> = [],
) {
  return mutationOf(client, actions.identityAskForPasskey, queries, changes);
}
/** What a browser needs to sign in by a passkey, whosever: `navigator.credentials.get({publicKey: options})`. */
export function useIdentityAskForPasskey(...changes: Changes<actions.IdentityAskForPasskeyInput>) {
  return useChange(actions.identityAskForPasskey, ...changes);
}

/** What a browser needs to make a passkey: `navigator.credentials.create({publicKey: options})`. */
export function identityBeginPasskeyOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityBeginPasskeyInput> = [],
) {
  return mutationOf(client, actions.identityBeginPasskey, queries, changes);
}
/** What a browser needs to make a passkey: `navigator.credentials.create({publicKey: options})`. */
export function useIdentityBeginPasskey(...changes: Changes<actions.IdentityBeginPasskeyInput>) {
  return useChange(actions.identityBeginPasskey, ...changes);
}

/** Begin to use an authenticator app: a new secret for it, without effect until a code confirms it. */
export function identityBeginTotpOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityBeginTotpInput> = [],
) {
  return mutationOf(client, actions.identityBeginTotp, queries, changes);
}
/** Begin to use an authenticator app: a new secret for it, without effect until a code confirms it. */
export function useIdentityBeginTotp(...changes: Changes<actions.IdentityBeginTotpInput>) {
  return useChange(actions.identityBeginTotp, ...changes);
}

/** Ask for another address: it takes effect once the link in a mail to it is used; the address so far is told. */
export function identityChangeEmailOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityChangeEmailInput> = [],
) {
  return mutationOf(client, actions.identityChangeEmail, queries, changes);
}
/** Ask for another address: it takes effect once the link in a mail to it is used; the address so far is told. */
export function useIdentityChangeEmail(...changes: Changes<actions.IdentityChangeEmailInput>) {
  return useChange(actions.identityChangeEmail, ...changes);
}

/** Choose another password: all other sessions end, and the one in hand gets another token. */
export function identityChangePasswordOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityChangePasswordInput> = [],
) {
  return mutationOf(client, actions.identityChangePassword, queries, changes);
}
/** Choose another password: all other sessions end, and the one in hand gets another token. */
export function useIdentityChangePassword(...changes: Changes<actions.IdentityChangePasswordInput>) {
  return useChange(actions.identityChangePassword, ...changes);
}

/** Show a passkey again, which lets dangerous actions pass for a while; the session gets another token. */
export function identityConfirmByPasskeyOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityConfirmByPasskeyInput> = [],
) {
  return mutationOf(client, actions.identityConfirmByPasskey, queries, changes);
}
/** Show a passkey again, which lets dangerous actions pass for a while; the session gets another token. */
export function useIdentityConfirmByPasskey(...changes: Changes<actions.IdentityConfirmByPasskeyInput>) {
  return useChange(actions.identityConfirmByPasskey, ...changes);
}

/** Take the new address into use with the token that was sent to it, which is good once. */
export function identityConfirmEmailOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityConfirmEmailInput> = [],
) {
  return mutationOf(client, actions.identityConfirmEmail, queries, changes);
}
/** Take the new address into use with the token that was sent to it, which is good once. */
export function useIdentityConfirmEmail(...changes: Changes<actions.IdentityConfirmEmailInput>) {
  return useChange(actions.identityConfirmEmail, ...changes);
}

/** Show the password again, which lets dangerous actions pass for a while; the session gets another token. */
export function identityConfirmPasswordOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityConfirmPasswordInput> = [],
) {
  return mutationOf(client, actions.identityConfirmPassword, queries, changes);
}
/** Show the password again, which lets dangerous actions pass for a while; the session gets another token. */
export function useIdentityConfirmPassword(...changes: Changes<actions.IdentityConfirmPasswordInput>) {
  return useChange(actions.identityConfirmPassword, ...changes);
}

/** Turn the second factor on with a code of the app: every sign-in with a password wants one from now on. */
export function identityConfirmTotpOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityConfirmTotpInput> = [],
) {
  return mutationOf(client, actions.identityConfirmTotp, queries, changes);
}
/** Turn the second factor on with a code of the app: every sign-in with a password wants one from now on. */
export function useIdentityConfirmTotp(...changes: Changes<actions.IdentityConfirmTotpInput>) {
  return useChange(actions.identityConfirmTotp, ...changes);
}

/** Make an API key that acts as oneself, for 90 days unless said otherwise; the token is shown once. */
export function identityCreateKeyOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityCreateKeyInput> = [],
) {
  return mutationOf(client, actions.identityCreateKey, queries, changes);
}
/** Make an API key that acts as oneself, for 90 days unless said otherwise; the token is shown once. */
export function useIdentityCreateKey(...changes: Changes<actions.IdentityCreateKeyInput>) {
  return useChange(actions.identityCreateKey, ...changes);
}

/** Delete one's account, with its sessions and keys; what the audit says of it stays. */
export function identityDeleteMeOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityDeleteMeInput> = [],
) {
  return mutationOf(client, actions.identityDeleteMe, queries, changes);
}
/** Delete one's account, with its sessions and keys; what the audit says of it stays. */
export function useIdentityDeleteMe(...changes: Changes<actions.IdentityDeleteMeInput>) {
  return useChange(actions.identityDeleteMe, ...changes);
}

/** End every session of one's own but the one in hand. */
export function identityEndOtherSessionsOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityEndOtherSessionsInput> = [],
) {
  return mutationOf(client, actions.identityEndOtherSessions, queries, changes);
}
/** End every session of one's own but the one in hand. */
export function useIdentityEndOtherSessions(...changes: Changes<actions.IdentityEndOtherSessionsInput>) {
  return useChange(actions.identityEndOtherSessions, ...changes);
}

/** End one of one's own sessions; anybody else's is not found. */
export function identityEndSessionOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityEndSessionInput> = [],
) {
  return mutationOf(client, actions.identityEndSession, queries, changes);
}
/** End one of one's own sessions; anybody else's is not found. */
export function useIdentityEndSession(...changes: Changes<actions.IdentityEndSessionInput>) {
  return useChange(actions.identityEndSession, ...changes);
}

/** Turn the second factor off, and forget its secret and recovery codes; the session in hand gets another token. */
export function identityEndTotpOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityEndTotpInput> = [],
) {
  return mutationOf(client, actions.identityEndTotp, queries, changes);
}
/** Turn the second factor off, and forget its secret and recovery codes; the session in hand gets another token. */
export function useIdentityEndTotp(...changes: Changes<actions.IdentityEndTotpInput>) {
  return useChange(actions.identityEndTotp, ...changes);
}

/** The accounts elsewhere that one may sign in with. */
export function identityFindIdentitiesOptions(client: Client) {
  return optionsOf(client, actions.identityFindIdentities, undefined);
}
/** The accounts elsewhere that one may sign in with. */
export function useIdentityFindIdentities(options?: QueryHookOptions) {
  return useAction(actions.identityFindIdentities, undefined, options);
}

/** One's own API keys, the newest first; expired ones too. */
export function identityFindKeysOptions(client: Client) {
  return optionsOf(client, actions.identityFindKeys, undefined);
}
/** One's own API keys, the newest first; expired ones too. */
export function useIdentityFindKeys(options?: QueryHookOptions) {
  return useAction(actions.identityFindKeys, undefined, options);
}

/** One's own passkeys, the newest first. */
export function identityFindPasskeysOptions(client: Client) {
  return optionsOf(client, actions.identityFindPasskeys, undefined);
}
/** One's own passkeys, the newest first. */
export function useIdentityFindPasskeys(options?: QueryHookOptions) {
  return useAction(actions.identityFindPasskeys, undefined, options);
}

/** Where one may sign in who has an account elsewhere, in the order of the settings. */
export function identityFindProvidersOptions(client: Client) {
  return optionsOf(client, actions.identityFindProviders, undefined);
}
/** Where one may sign in who has an account elsewhere, in the order of the settings. */
export function useIdentityFindProviders(options?: QueryHookOptions) {
  return useAction(actions.identityFindProviders, undefined, options);
}

/** Where one is signed in: the session in hand, and then the last used, 100 at most. */
export function identityFindSessionsOptions(client: Client) {
  return optionsOf(client, actions.identityFindSessions, undefined);
}
/** Where one is signed in: the session in hand, and then the last used, 100 at most. */
export function useIdentityFindSessions(options?: QueryHookOptions) {
  return useAction(actions.identityFindSessions, undefined, options);
}

/** The secret that was begun with, once more, as long as no code has confirmed it. */
export function identityFindTotpSetupOptions(client: Client) {
  return optionsOf(client, actions.identityFindTotpSetup, undefined);
}
/** The secret that was begun with, once more, as long as no code has confirmed it. */
export function useIdentityFindTotpSetup(options?: QueryHookOptions) {
  return useAction(actions.identityFindTotpSetup, undefined, options);
}

/** Send a link to choose another password; answered the same for every address. */
export function identityForgetPasswordOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityForgetPasswordInput> = [],
) {
  return mutationOf(client, actions.identityForgetPassword, queries, changes);
}
/** Send a link to choose another password; answered the same for every address. */
export function useIdentityForgetPassword(...changes: Changes<actions.IdentityForgetPasswordInput>) {
  return useChange(actions.identityForgetPassword, ...changes);
}

/** Who is signed in, and where they belong. */
export function identityMeOptions(client: Client) {
  return optionsOf(client, actions.identityMe, undefined);
}
/** Who is signed in, and where they belong. */
export function useIdentityMe(options?: QueryHookOptions) {
  return useAction(actions.identityMe, undefined, options);
}

/** Remove one of one's own passkeys, which signs in no more; the sessions that it opened go on. */
export function identityRemovePasskeyOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityRemovePasskeyInput> = [],
) {
  return mutationOf(client, actions.identityRemovePasskey, queries, changes);
}
/** Remove one of one's own passkeys, which signs in no more; the sessions that it opened go on. */
export function useIdentityRemovePasskey(...changes: Changes<actions.IdentityRemovePasskeyInput>) {
  return useChange(actions.identityRemovePasskey, ...changes);
}

/** Call one of one's own keys something else; what it may do stays as it was made. */
export function identityRenameKeyOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityRenameKeyInput> = [],
) {
  return mutationOf(client, actions.identityRenameKey, queries, changes);
}
/** Call one of one's own keys something else; what it may do stays as it was made. */
export function useIdentityRenameKey(...changes: Changes<actions.IdentityRenameKeyInput>) {
  return useChange(actions.identityRenameKey, ...changes);
}

/** Call one of one's own passkeys something else. */
export function identityRenamePasskeyOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityRenamePasskeyInput> = [],
) {
  return mutationOf(client, actions.identityRenamePasskey, queries, changes);
}
/** Call one of one's own passkeys something else. */
export function useIdentityRenamePasskey(...changes: Changes<actions.IdentityRenamePasskeyInput>) {
  return useChange(actions.identityRenamePasskey, ...changes);
}

/** Ten other recovery codes; those so far are worth nothing any more. */
export function identityRenewRecoveryCodesOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityRenewRecoveryCodesInput> = [],
) {
  return mutationOf(client, actions.identityRenewRecoveryCodes, queries, changes);
}
/** Ten other recovery codes; those so far are worth nothing any more. */
export function useIdentityRenewRecoveryCodes(...changes: Changes<actions.IdentityRenewRecoveryCodesInput>) {
  return useChange(actions.identityRenewRecoveryCodes, ...changes);
}

/** Send the mail again that confirms an address; answered the same for every address. */
export function identityResendVerificationOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityResendVerificationInput> = [],
) {
  return mutationOf(client, actions.identityResendVerification, queries, changes);
}
/** Send the mail again that confirms an address; answered the same for every address. */
export function useIdentityResendVerification(...changes: Changes<actions.IdentityResendVerificationInput>) {
  return useChange(actions.identityResendVerification, ...changes);
}

/** Choose another password with the token of a mail: all sessions end, and the address is confirmed. */
export function identityResetPasswordOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityResetPasswordInput> = [],
) {
  return mutationOf(client, actions.identityResetPassword, queries, changes);
}
/** Choose another password with the token of a mail: all sessions end, and the address is confirmed. */
export function useIdentityResetPassword(...changes: Changes<actions.IdentityResetPasswordInput>) {
  return useChange(actions.identityResetPassword, ...changes);
}

/** Delete one of one's own keys, whose next call is refused; anybody else's is not found. */
export function identityRevokeKeyOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityRevokeKeyInput> = [],
) {
  return mutationOf(client, actions.identityRevokeKey, queries, changes);
}
/** Delete one of one's own keys, whose next call is refused; anybody else's is not found. */
export function useIdentityRevokeKey(...changes: Changes<actions.IdentityRevokeKeyInput>) {
  return useChange(actions.identityRevokeKey, ...changes);
}

/** Whether one's second factor is on, and how many recovery codes are left. */
export function identitySecondFactorOptions(client: Client) {
  return optionsOf(client, actions.identitySecondFactor, undefined);
}
/** Whether one's second factor is on, and how many recovery codes are left. */
export function useIdentitySecondFactor(options?: QueryHookOptions) {
  return useAction(actions.identitySecondFactor, undefined, options);
}

/** Open a session with the ticket of the first step and a code; a code is good once, and so is the ticket. */
export function identityShowSecondFactorOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityShowSecondFactorInput> = [],
) {
  return mutationOf(client, actions.identityShowSecondFactor, queries, changes);
}
/** Open a session with the ticket of the first step and a code; a code is good once, and so is the ticket. */
export function useIdentityShowSecondFactor(...changes: Changes<actions.IdentityShowSecondFactorInput>) {
  return useChange(actions.identityShowSecondFactor, ...changes);
}

/** Open a session: a new token every time, and the browser's former session ends. */
export function identitySignInOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentitySignInInput> = [],
) {
  return mutationOf(client, actions.identitySignIn, queries, changes);
}
/** Open a session: a new token every time, and the browser's former session ends. */
export function useIdentitySignIn(...changes: Changes<actions.IdentitySignInInput>) {
  return useChange(actions.identitySignIn, ...changes);
}

/** Open a session by a passkey: it counts as both factors, since it has verified its user. */
export function identitySignInByPasskeyOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentitySignInByPasskeyInput> = [],
) {
  return mutationOf(client, actions.identitySignInByPasskey, queries, changes);
}
/** Open a session by a passkey: it counts as both factors, since it has verified its user. */
export function useIdentitySignInByPasskey(...changes: Changes<actions.IdentitySignInByPasskeyInput>) {
  return useChange(actions.identitySignInByPasskey, ...changes);
}

/** End the session in hand. */
export function identitySignOutOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentitySignOutInput> = [],
) {
  return mutationOf(client, actions.identitySignOut, queries, changes);
}
/** End the session in hand. */
export function useIdentitySignOut(...changes: Changes<actions.IdentitySignOutInput>) {
  return useChange(actions.identitySignOut, ...changes);
}

/** End all sessions of the caller, the one in hand too. */
export function identitySignOutEverywhereOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentitySignOutEverywhereInput> = [],
) {
  return mutationOf(client, actions.identitySignOutEverywhere, queries, changes);
}
/** End all sessions of the caller, the one in hand too. */
export function useIdentitySignOutEverywhere(...changes: Changes<actions.IdentitySignOutEverywhereInput>) {
  return useChange(actions.identitySignOutEverywhere, ...changes);
}

/** Register an account; a mail confirms its address. */
export function identitySignUpOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentitySignUpInput> = [],
) {
  return mutationOf(client, actions.identitySignUp, queries, changes);
}
/** Register an account; a mail confirms its address. */
export function useIdentitySignUp(...changes: Changes<actions.IdentitySignUpInput>) {
  return useChange(actions.identitySignUp, ...changes);
}

/** Sign in with an account elsewhere no more; refused for the last way to sign in. */
export function identityUnlinkIdentityOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityUnlinkIdentityInput> = [],
) {
  return mutationOf(client, actions.identityUnlinkIdentity, queries, changes);
}
/** Sign in with an account elsewhere no more; refused for the last way to sign in. */
export function useIdentityUnlinkIdentity(...changes: Changes<actions.IdentityUnlinkIdentityInput>) {
  return useChange(actions.identityUnlinkIdentity, ...changes);
}

/** Change one's name; with `version`, only if nobody did so meanwhile. */
export function identityUpdateMeOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityUpdateMeInput> = [],
) {
  return mutationOf(client, actions.identityUpdateMe, queries, changes);
}
/** Change one's name; with `version`, only if nobody did so meanwhile. */
export function useIdentityUpdateMe(...changes: Changes<actions.IdentityUpdateMeInput>) {
  return useChange(actions.identityUpdateMe, ...changes);
}

/** Confirm an address with the token of a mail, which is good once. */
export function identityVerifyEmailOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.IdentityVerifyEmailInput> = [],
) {
  return mutationOf(client, actions.identityVerifyEmail, queries, changes);
}
/** Confirm an address with the token of a mail, which is good once. */
export function useIdentityVerifyEmail(...changes: Changes<actions.IdentityVerifyEmailInput>) {
  return useChange(actions.identityVerifyEmail, ...changes);
}

/** Call a job off: one that waits is not run, one that runs is interrupted and undone, a dead one is put away. */
export function jobsCancelOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.JobsCancelInput> = [],
) {
  return mutationOf(client, actions.jobsCancel, queries, changes);
}
/** Call a job off: one that waits is not run, one that runs is interrupted and undone, a dead one is put away. */
export function useJobsCancel(...changes: Changes<actions.JobsCancelInput>) {
  return useChange(actions.jobsCancel, ...changes);
}

/** Jobs of all organizations, the newest first; one that is done is gone. */
export function jobsFindOptions(client: Client, input: actions.JobsFindInput) {
  return optionsOf(client, actions.jobsFind, input);
}
/** Jobs of all organizations, the newest first; one that is done is gone. */
export function useJobsFind(input: actions.JobsFindInput, options?: QueryHookOptions) {
  return useAction(actions.jobsFind, input, options);
}
/** Jobs of all organizations, the newest first; one that is done is gone. Page after page. */
export function useJobsFindEndless(input: actions.JobsFindInput) {
  return useEndless(actions.jobsFind, input);
}

/** A job whole: its input, where it came from, why it failed. */
export function jobsGetOptions(client: Client, input: actions.JobsGetInput) {
  return optionsOf(client, actions.jobsGet, input);
}
/** A job whole: its input, where it came from, why it failed. */
export function useJobsGet(input: actions.JobsGetInput, options?: QueryHookOptions) {
  return useAction(actions.jobsGet, input, options);
}

/** Try a job again that was given up or called off, with all its attempts. */
export function jobsRetryOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.JobsRetryInput> = [],
) {
  return mutationOf(client, actions.jobsRetry, queries, changes);
}
/** Try a job again that was given up or called off, with all its attempts. */
export function useJobsRetry(...changes: Changes<actions.JobsRetryInput>) {
  return useChange(actions.jobsRetry, ...changes);
}

/** Throw the draft away. */
export function onboardingDiscardOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OnboardingDiscardInput> = [],
) {
  return mutationOf(client, actions.onboardingDiscard, queries, changes);
}
/** Throw the draft away. */
export function useOnboardingDiscard(...changes: Changes<actions.OnboardingDiscardInput>) {
  return useChange(actions.onboardingDiscard, ...changes);
}

/** Read the draft so far. */
export function onboardingGetOptions(client: Client) {
  return optionsOf(client, actions.onboardingGet, undefined);
}
/** Read the draft so far. */
export function useOnboardingGet(options?: QueryHookOptions) {
  return useAction(actions.onboardingGet, undefined, options);
}

/** Found the business with its services and opening hours; the caller becomes its owner. */
export function onboardingPublishOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OnboardingPublishInput> = [],
) {
  return mutationOf(client, actions.onboardingPublish, queries, changes);
}
/** Found the business with its services and opening hours; the caller becomes its owner. */
export function useOnboardingPublish(...changes: Changes<actions.OnboardingPublishInput>) {
  return useChange(actions.onboardingPublish, ...changes);
}

/** Save the step basic_info, and begin a draft where there is none. */
export function onboardingSaveBasicInfoOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OnboardingSaveBasicInfoInput> = [],
) {
  return mutationOf(client, actions.onboardingSaveBasicInfo, queries, changes);
}
/** Save the step basic_info, and begin a draft where there is none. */
export function useOnboardingSaveBasicInfo(...changes: Changes<actions.OnboardingSaveBasicInfoInput>) {
  return useChange(actions.onboardingSaveBasicInfo, ...changes);
}

/** Save the step publish. */
export function onboardingSavePublishOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OnboardingSavePublishInput> = [],
) {
  return mutationOf(client, actions.onboardingSavePublish, queries, changes);
}
/** Save the step publish. */
export function useOnboardingSavePublish(...changes: Changes<actions.OnboardingSavePublishInput>) {
  return useChange(actions.onboardingSavePublish, ...changes);
}

/** Save the step services. */
export function onboardingSaveServicesOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OnboardingSaveServicesInput> = [],
) {
  return mutationOf(client, actions.onboardingSaveServices, queries, changes);
}
/** Save the step services. */
export function useOnboardingSaveServices(...changes: Changes<actions.OnboardingSaveServicesInput>) {
  return useChange(actions.onboardingSaveServices, ...changes);
}

/** Join the organization, if one's confirmed address is the invited one; the session in hand works in it. */
export function organizationsAcceptInvitationOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OrganizationsAcceptInvitationInput> = [],
) {
  return mutationOf(client, actions.organizationsAcceptInvitation, queries, changes);
}
/** Join the organization, if one's confirmed address is the invited one; the session in hand works in it. */
export function useOrganizationsAcceptInvitation(...changes: Changes<actions.OrganizationsAcceptInvitationInput>) {
  return useChange(actions.organizationsAcceptInvitation, ...changes);
}

/** Give a member another role: none that may do more than the caller, nor to somebody who may. */
export function organizationsChangeRoleOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OrganizationsChangeRoleInput> = [],
) {
  return mutationOf(client, actions.organizationsChangeRole, queries, changes);
}
/** Give a member another role: none that may do more than the caller, nor to somebody who may. */
export function useOrganizationsChangeRole(...changes: Changes<actions.OrganizationsChangeRoleInput>) {
  return useChange(actions.organizationsChangeRole, ...changes);
}

/** Found an organization; the caller becomes its owner. */
export function organizationsCreateOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OrganizationsCreateInput> = [],
) {
  return mutationOf(client, actions.organizationsCreate, queries, changes);
}
/** Found an organization; the caller becomes its owner. */
export function useOrganizationsCreate(...changes: Changes<actions.OrganizationsCreateInput>) {
  return useChange(actions.organizationsCreate, ...changes);
}

/** Make an API key of the organization, which outlasts whoever made it; the token is shown once. */
export function organizationsCreateKeyOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OrganizationsCreateKeyInput> = [],
) {
  return mutationOf(client, actions.organizationsCreateKey, queries, changes);
}
/** Make an API key of the organization, which outlasts whoever made it; the token is shown once. */
export function useOrganizationsCreateKey(...changes: Changes<actions.OrganizationsCreateKeyInput>) {
  return useChange(actions.organizationsCreateKey, ...changes);
}

/** Make a role of permissions that the caller holds. */
export function organizationsCreateRoleOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OrganizationsCreateRoleInput> = [],
) {
  return mutationOf(client, actions.organizationsCreateRole, queries, changes);
}
/** Make a role of permissions that the caller holds. */
export function useOrganizationsCreateRole(...changes: Changes<actions.OrganizationsCreateRoleInput>) {
  return useChange(actions.organizationsCreateRole, ...changes);
}

/** Say no, once and for all, if one's confirmed address is the invited one. */
export function organizationsDeclineInvitationOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OrganizationsDeclineInvitationInput> = [],
) {
  return mutationOf(client, actions.organizationsDeclineInvitation, queries, changes);
}
/** Say no, once and for all, if one's confirmed address is the invited one. */
export function useOrganizationsDeclineInvitation(...changes: Changes<actions.OrganizationsDeclineInvitationInput>) {
  return useChange(actions.organizationsDeclineInvitation, ...changes);
}

/** Delete the organization: nobody enters it any more; its invitations and keys end. Only an owner may. */
export function organizationsDeleteOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OrganizationsDeleteInput> = [],
) {
  return mutationOf(client, actions.organizationsDelete, queries, changes);
}
/** Delete the organization: nobody enters it any more; its invitations and keys end. Only an owner may. */
export function useOrganizationsDelete(...changes: Changes<actions.OrganizationsDeleteInput>) {
  return useChange(actions.organizationsDelete, ...changes);
}

/** Delete a role that nobody has and nobody is invited to. */
export function organizationsDeleteRoleOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OrganizationsDeleteRoleInput> = [],
) {
  return mutationOf(client, actions.organizationsDeleteRole, queries, changes);
}
/** Delete a role that nobody has and nobody is invited to. */
export function useOrganizationsDeleteRole(...changes: Changes<actions.OrganizationsDeleteRoleInput>) {
  return useChange(actions.organizationsDeleteRole, ...changes);
}

/** The organizations that the caller belongs to. */
export function organizationsFindOptions(client: Client) {
  return optionsOf(client, actions.organizationsFind, undefined);
}
/** The organizations that the caller belongs to. */
export function useOrganizationsFind(options?: QueryHookOptions) {
  return useAction(actions.organizationsFind, undefined, options);
}

/** The invitations that nobody has answered, by address; expired ones too, which can be sent again. */
export function organizationsFindInvitationsOptions(client: Client, input: actions.OrganizationsFindInvitationsInput) {
  return optionsOf(client, actions.organizationsFindInvitations, input);
}
/** The invitations that nobody has answered, by address; expired ones too, which can be sent again. */
export function useOrganizationsFindInvitations(input: actions.OrganizationsFindInvitationsInput, options?: QueryHookOptions) {
  return useAction(actions.organizationsFindInvitations, input, options);
}
/** The invitations that nobody has answered, by address; expired ones too, which can be sent again. Page after page. */
export function useOrganizationsFindInvitationsEndless(input: actions.OrganizationsFindInvitationsInput) {
  return useEndless(actions.organizationsFindInvitations, input);
}

/** The organization's API keys, the newest first; expired ones too. */
export function organizationsFindKeysOptions(client: Client, input: actions.OrganizationsFindKeysInput) {
  return optionsOf(client, actions.organizationsFindKeys, input);
}
/** The organization's API keys, the newest first; expired ones too. */
export function useOrganizationsFindKeys(input: actions.OrganizationsFindKeysInput, options?: QueryHookOptions) {
  return useAction(actions.organizationsFindKeys, input, options);
}

/** The people of the organization by name, and then the services that its API keys act as. */
export function organizationsFindMembersOptions(client: Client, input: actions.OrganizationsFindMembersInput) {
  return optionsOf(client, actions.organizationsFindMembers, input);
}
/** The people of the organization by name, and then the services that its API keys act as. */
export function useOrganizationsFindMembers(input: actions.OrganizationsFindMembersInput, options?: QueryHookOptions) {
  return useAction(actions.organizationsFindMembers, input, options);
}
/** The people of the organization by name, and then the services that its API keys act as. Page after page. */
export function useOrganizationsFindMembersEndless(input: actions.OrganizationsFindMembersInput) {
  return useEndless(actions.organizationsFindMembers, input);
}

/** What roles can be made of; the caller gives only what is `held`. */
export function organizationsFindPermissionsOptions(client: Client, input: actions.OrganizationsFindPermissionsInput) {
  return optionsOf(client, actions.organizationsFindPermissions, input);
}
/** What roles can be made of; the caller gives only what is `held`. */
export function useOrganizationsFindPermissions(input: actions.OrganizationsFindPermissionsInput, options?: QueryHookOptions) {
  return useAction(actions.organizationsFindPermissions, input, options);
}

/** The roles that members may have: the application's first, then the organization's own. */
export function organizationsFindRolesOptions(client: Client, input: actions.OrganizationsFindRolesInput) {
  return optionsOf(client, actions.organizationsFindRoles, input);
}
/** The roles that members may have: the application's first, then the organization's own. */
export function useOrganizationsFindRoles(input: actions.OrganizationsFindRolesInput, options?: QueryHookOptions) {
  return useAction(actions.organizationsFindRoles, input, options);
}

/** One of the caller's organizations; any other is not found. */
export function organizationsGetOptions(client: Client, input: actions.OrganizationsGetInput) {
  return optionsOf(client, actions.organizationsGet, input);
}
/** One of the caller's organizations; any other is not found. */
export function useOrganizationsGet(input: actions.OrganizationsGetInput, options?: QueryHookOptions) {
  return useAction(actions.organizationsGet, input, options);
}

/** Invite somebody by mail, for 7 days, as nothing that may do more than the caller; again: a new link and date. */
export function organizationsInviteOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OrganizationsInviteInput> = [],
) {
  return mutationOf(client, actions.organizationsInvite, queries, changes);
}
/** Invite somebody by mail, for 7 days, as nothing that may do more than the caller; again: a new link and date. */
export function useOrganizationsInvite(...changes: Changes<actions.OrganizationsInviteInput>) {
  return useChange(actions.organizationsInvite, ...changes);
}

/** Leave the organization; its last owner cannot. The session in hand moves on to another of one's own. */
export function organizationsLeaveOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OrganizationsLeaveInput> = [],
) {
  return mutationOf(client, actions.organizationsLeave, queries, changes);
}
/** Leave the organization; its last owner cannot. The session in hand moves on to another of one's own. */
export function useOrganizationsLeave(...changes: Changes<actions.OrganizationsLeaveInput>) {
  return useChange(actions.organizationsLeave, ...changes);
}

/** What one is invited to; the token stands in the query, which no log line has. */
export function organizationsPreviewInvitationOptions(client: Client, input: actions.OrganizationsPreviewInvitationInput) {
  return optionsOf(client, actions.organizationsPreviewInvitation, input);
}
/** What one is invited to; the token stands in the query, which no log line has. */
export function useOrganizationsPreviewInvitation(input: actions.OrganizationsPreviewInvitationInput, options?: QueryHookOptions) {
  return useAction(actions.organizationsPreviewInvitation, input, options);
}

/** Remove a member, whose next call is refused; open invitations that they sent are revoked. */
export function organizationsRemoveMemberOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OrganizationsRemoveMemberInput> = [],
) {
  return mutationOf(client, actions.organizationsRemoveMember, queries, changes);
}
/** Remove a member, whose next call is refused; open invitations that they sent are revoked. */
export function useOrganizationsRemoveMember(...changes: Changes<actions.OrganizationsRemoveMemberInput>) {
  return useChange(actions.organizationsRemoveMember, ...changes);
}

/** Call a key, and the service that it acts as, something else; what it may do stays as it was made. */
export function organizationsRenameKeyOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OrganizationsRenameKeyInput> = [],
) {
  return mutationOf(client, actions.organizationsRenameKey, queries, changes);
}
/** Call a key, and the service that it acts as, something else; what it may do stays as it was made. */
export function useOrganizationsRenameKey(...changes: Changes<actions.OrganizationsRenameKeyInput>) {
  return useChange(actions.organizationsRenameKey, ...changes);
}

/** Take an open invitation back, unless it is to more than the caller may do: its link is worthless. */
export function organizationsRevokeInvitationOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OrganizationsRevokeInvitationInput> = [],
) {
  return mutationOf(client, actions.organizationsRevokeInvitation, queries, changes);
}
/** Take an open invitation back, unless it is to more than the caller may do: its link is worthless. */
export function useOrganizationsRevokeInvitation(...changes: Changes<actions.OrganizationsRevokeInvitationInput>) {
  return useChange(actions.organizationsRevokeInvitation, ...changes);
}

/** Delete a key of the organization, whose next call is refused, and the service that it acts as. */
export function organizationsRevokeKeyOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OrganizationsRevokeKeyInput> = [],
) {
  return mutationOf(client, actions.organizationsRevokeKey, queries, changes);
}
/** Delete a key of the organization, whose next call is refused, and the service that it acts as. */
export function useOrganizationsRevokeKey(...changes: Changes<actions.OrganizationsRevokeKeyInput>) {
  return useChange(actions.organizationsRevokeKey, ...changes);
}

/** Let the session in hand work in this organization, wherever no other is named; in-process there is none. */
export function organizationsSwitchOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OrganizationsSwitchInput> = [],
) {
  return mutationOf(client, actions.organizationsSwitch, queries, changes);
}
/** Let the session in hand work in this organization, wherever no other is named; in-process there is none. */
export function useOrganizationsSwitch(...changes: Changes<actions.OrganizationsSwitchInput>) {
  return useChange(actions.organizationsSwitch, ...changes);
}

/** Rename the organization, or move it to another time zone; with `version`, only if nobody did so meanwhile. */
export function organizationsUpdateOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OrganizationsUpdateInput> = [],
) {
  return mutationOf(client, actions.organizationsUpdate, queries, changes);
}
/** Rename the organization, or move it to another time zone; with `version`, only if nobody did so meanwhile. */
export function useOrganizationsUpdate(...changes: Changes<actions.OrganizationsUpdateInput>) {
  return useChange(actions.organizationsUpdate, ...changes);
}

/** Change what a role may do, at once for all who have it: neither from nor to more than the caller may do. */
export function organizationsUpdateRoleOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.OrganizationsUpdateRoleInput> = [],
) {
  return mutationOf(client, actions.organizationsUpdateRole, queries, changes);
}
/** Change what a role may do, at once for all who have it: neither from nor to more than the caller may do. */
export function useOrganizationsUpdateRole(...changes: Changes<actions.OrganizationsUpdateRoleInput>) {
  return useChange(actions.organizationsUpdateRole, ...changes);
}

/** Read one's own preferences, or the usual ones. */
export function preferencesGetOptions(client: Client) {
  return optionsOf(client, actions.preferencesGet, undefined);
}
/** Read one's own preferences, or the usual ones. */
export function usePreferencesGet(options?: QueryHookOptions) {
  return useAction(actions.preferencesGet, undefined, options);
}

/** Replace one's own preferences, in every business that one works in. */
export function preferencesReplaceOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.PreferencesReplaceInput> = [],
) {
  return mutationOf(client, actions.preferencesReplace, queries, changes);
}
/** Replace one's own preferences, in every business that one works in. */
export function usePreferencesReplace(...changes: Changes<actions.PreferencesReplaceInput>) {
  return useChange(actions.preferencesReplace, ...changes);
}

/** Offer a service. */
export function servicesCreateOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.ServicesCreateInput> = [],
) {
  return mutationOf(client, actions.servicesCreate, queries, changes);
}
/** Offer a service. */
export function useServicesCreate(...changes: Changes<actions.ServicesCreateInput>) {
  return useChange(actions.servicesCreate, ...changes);
}

/** List services by name. */
export function servicesFindOptions(client: Client, input: actions.ServicesFindInput) {
  return optionsOf(client, actions.servicesFind, input);
}
/** List services by name. */
export function useServicesFind(input: actions.ServicesFindInput, options?: QueryHookOptions) {
  return useAction(actions.servicesFind, input, options);
}
/** List services by name. Page after page. */
export function useServicesFindEndless(input: actions.ServicesFindInput) {
  return useEndless(actions.servicesFind, input);
}

/** Read one service. */
export function servicesGetOptions(client: Client, input: actions.ServicesGetInput) {
  return optionsOf(client, actions.servicesGet, input);
}
/** Read one service. */
export function useServicesGet(input: actions.ServicesGetInput, options?: QueryHookOptions) {
  return useAction(actions.servicesGet, input, options);
}

/** Change a service: absent members stay, null clears. */
export function servicesUpdateOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.ServicesUpdateInput> = [],
) {
  return mutationOf(client, actions.servicesUpdate, queries, changes);
}
/** Change a service: absent members stay, null clears. */
export function useServicesUpdate(...changes: Changes<actions.ServicesUpdateInput>) {
  return useChange(actions.servicesUpdate, ...changes);
}

/** Add somebody to the staff. */
export function staffCreateOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.StaffCreateInput> = [],
) {
  return mutationOf(client, actions.staffCreate, queries, changes);
}
/** Add somebody to the staff. */
export function useStaffCreate(...changes: Changes<actions.StaffCreateInput>) {
  return useChange(actions.staffCreate, ...changes);
}

/** Remove somebody who has never had an appointment; the plan has room for another then. */
export function staffDeleteOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.StaffDeleteInput> = [],
) {
  return mutationOf(client, actions.staffDelete, queries, changes);
}
/** Remove somebody who has never had an appointment; the plan has room for another then. */
export function useStaffDelete(...changes: Changes<actions.StaffDeleteInput>) {
  return useChange(actions.staffDelete, ...changes);
}

/** List the staff by name. */
export function staffFindOptions(client: Client, input: actions.StaffFindInput) {
  return optionsOf(client, actions.staffFind, input);
}
/** List the staff by name. */
export function useStaffFind(input: actions.StaffFindInput, options?: QueryHookOptions) {
  return useAction(actions.staffFind, input, options);
}
/** List the staff by name. Page after page. */
export function useStaffFindEndless(input: actions.StaffFindInput) {
  return useEndless(actions.staffFind, input);
}

/** Read one member of the staff. */
export function staffGetOptions(client: Client, input: actions.StaffGetInput) {
  return optionsOf(client, actions.staffGet, input);
}
/** Read one member of the staff. */
export function useStaffGet(input: actions.StaffGetInput, options?: QueryHookOptions) {
  return useAction(actions.staffGet, input, options);
}

/** Change a member of the staff: absent members stay, null clears. */
export function staffUpdateOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.StaffUpdateInput> = [],
) {
  return mutationOf(client, actions.staffUpdate, queries, changes);
}
/** Change a member of the staff: absent members stay, null clears. */
export function useStaffUpdate(...changes: Changes<actions.StaffUpdateInput>) {
  return useChange(actions.staffUpdate, ...changes);
}

/** What the plan allows, and how much of it is used. */
export function usageReadOptions(client: Client) {
  return optionsOf(client, actions.usageRead, undefined);
}
/** What the plan allows, and how much of it is used. */
export function useUsageRead(options?: QueryHookOptions) {
  return useAction(actions.usageRead, undefined, options);
}

/** Make an account without a password; its owner chooses one by the link of a mail. */
export function usersCreateOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.UsersCreateInput> = [],
) {
  return mutationOf(client, actions.usersCreate, queries, changes);
}
/** Make an account without a password; its owner chooses one by the link of a mail. */
export function useUsersCreate(...changes: Changes<actions.UsersCreateInput>) {
  return useChange(actions.usersCreate, ...changes);
}

/** Delete a person's account, with sessions and keys; refused for the last owner of an organization. */
export function usersDeleteOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.UsersDeleteInput> = [],
) {
  return mutationOf(client, actions.usersDelete, queries, changes);
}
/** Delete a person's account, with sessions and keys; refused for the last owner of an organization. */
export function useUsersDelete(...changes: Changes<actions.UsersDeleteInput>) {
  return useChange(actions.usersDelete, ...changes);
}

/** Everybody's accounts by address, those of organizations' API keys among them. */
export function usersFindOptions(client: Client, input: actions.UsersFindInput) {
  return optionsOf(client, actions.usersFind, input);
}
/** Everybody's accounts by address, those of organizations' API keys among them. */
export function useUsersFind(input: actions.UsersFindInput, options?: QueryHookOptions) {
  return useAction(actions.usersFind, input, options);
}
/** Everybody's accounts by address, those of organizations' API keys among them. Page after page. */
export function useUsersFindEndless(input: actions.UsersFindInput) {
  return useEndless(actions.usersFind, input);
}

/** Somebody's account. */
export function usersGetOptions(client: Client, input: actions.UsersGetInput) {
  return optionsOf(client, actions.usersGet, input);
}
/** Somebody's account. */
export function useUsersGet(input: actions.UsersGetInput, options?: QueryHookOptions) {
  return useAction(actions.usersGet, input, options);
}

/** Change a person's name, whether the address counts as confirmed, or who is an operator; not for oneself. */
export function usersUpdateOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.UsersUpdateInput> = [],
) {
  return mutationOf(client, actions.usersUpdate, queries, changes);
}
/** Change a person's name, whether the address counts as confirmed, or who is an operator; not for oneself. */
export function useUsersUpdate(...changes: Changes<actions.UsersUpdateInput>) {
  return useChange(actions.usersUpdate, ...changes);
}

/** Have events sent to an address from now on; the secret that signs them is shown once. */
export function webhooksCreateEndpointOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.WebhooksCreateEndpointInput> = [],
) {
  return mutationOf(client, actions.webhooksCreateEndpoint, queries, changes);
}
/** Have events sent to an address from now on; the secret that signs them is shown once. */
export function useWebhooksCreateEndpoint(...changes: Changes<actions.WebhooksCreateEndpointInput>) {
  return useChange(actions.webhooksCreateEndpoint, ...changes);
}

/** Delete an endpoint with its secret and the log of its deliveries. */
export function webhooksDeleteEndpointOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.WebhooksDeleteEndpointInput> = [],
) {
  return mutationOf(client, actions.webhooksDeleteEndpoint, queries, changes);
}
/** Delete an endpoint with its secret and the log of its deliveries. */
export function useWebhooksDeleteEndpoint(...changes: Changes<actions.WebhooksDeleteEndpointInput>) {
  return useChange(actions.webhooksDeleteEndpoint, ...changes);
}

/** What was and is to be delivered to an endpoint, the newest first. */
export function webhooksFindDeliveriesOptions(client: Client, input: actions.WebhooksFindDeliveriesInput) {
  return optionsOf(client, actions.webhooksFindDeliveries, input);
}
/** What was and is to be delivered to an endpoint, the newest first. */
export function useWebhooksFindDeliveries(input: actions.WebhooksFindDeliveriesInput, options?: QueryHookOptions) {
  return useAction(actions.webhooksFindDeliveries, input, options);
}
/** What was and is to be delivered to an endpoint, the newest first. Page after page. */
export function useWebhooksFindDeliveriesEndless(input: actions.WebhooksFindDeliveriesInput) {
  return useEndless(actions.webhooksFindDeliveries, input);
}

/** The organization's endpoints, the oldest first. */
export function webhooksFindEndpointsOptions(client: Client) {
  return optionsOf(client, actions.webhooksFindEndpoints, undefined);
}
/** The organization's endpoints, the oldest first. */
export function useWebhooksFindEndpoints(options?: QueryHookOptions) {
  return useAction(actions.webhooksFindEndpoints, undefined, options);
}

/** Every event that an endpoint can be told of, with the JSON Schema of its data. */
export function webhooksFindEventsOptions(client: Client) {
  return optionsOf(client, actions.webhooksFindEvents, undefined);
}
/** Every event that an endpoint can be told of, with the JSON Schema of its data. */
export function useWebhooksFindEvents(options?: QueryHookOptions) {
  return useAction(actions.webhooksFindEvents, undefined, options);
}

/** A delivery: what is sent, and how each attempt went. */
export function webhooksGetDeliveryOptions(client: Client, input: actions.WebhooksGetDeliveryInput) {
  return optionsOf(client, actions.webhooksGetDelivery, input);
}
/** A delivery: what is sent, and how each attempt went. */
export function useWebhooksGetDelivery(input: actions.WebhooksGetDeliveryInput, options?: QueryHookOptions) {
  return useAction(actions.webhooksGetDelivery, input, options);
}

/** One endpoint. */
export function webhooksGetEndpointOptions(client: Client, input: actions.WebhooksGetEndpointInput) {
  return optionsOf(client, actions.webhooksGetEndpoint, input);
}
/** One endpoint. */
export function useWebhooksGetEndpoint(input: actions.WebhooksGetEndpointInput, options?: QueryHookOptions) {
  return useAction(actions.webhooksGetEndpoint, input, options);
}

/** Deliver once more, with all attempts: the same `webhook-id` and body, signed with the secret of now. */
export function webhooksRedeliverOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.WebhooksRedeliverInput> = [],
) {
  return mutationOf(client, actions.webhooksRedeliver, queries, changes);
}
/** Deliver once more, with all attempts: the same `webhook-id` and body, signed with the secret of now. */
export function useWebhooksRedeliver(...changes: Changes<actions.WebhooksRedeliverInput>) {
  return useChange(actions.webhooksRedeliver, ...changes);
}

/** Deliver once more all that has failed, or what has arrived, of some time; how many deliveries that are. */
export function webhooksRedeliverMissedOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.WebhooksRedeliverMissedInput> = [],
) {
  return mutationOf(client, actions.webhooksRedeliverMissed, queries, changes);
}
/** Deliver once more all that has failed, or what has arrived, of some time; how many deliveries that are. */
export function useWebhooksRedeliverMissed(...changes: Changes<actions.WebhooksRedeliverMissedInput>) {
  return useChange(actions.webhooksRedeliverMissed, ...changes);
}

/** Give an endpoint another secret, shown once; the former one signs beside it for as long as the overlap. */
export function webhooksRotateSecretOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.WebhooksRotateSecretInput> = [],
) {
  return mutationOf(client, actions.webhooksRotateSecret, queries, changes);
}
/** Give an endpoint another secret, shown once; the former one signs beside it for as long as the overlap. */
export function useWebhooksRotateSecret(...changes: Changes<actions.WebhooksRotateSecretInput>) {
  return useChange(actions.webhooksRotateSecret, ...changes);
}

/** Send an example of an event, marked by `"sample": true`, once; to one that is switched off, too. */
export function webhooksSendSampleOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.WebhooksSendSampleInput> = [],
) {
  return mutationOf(client, actions.webhooksSendSample, queries, changes);
}
/** Send an example of an event, marked by `"sample": true`, once; to one that is switched off, too. */
export function useWebhooksSendSample(...changes: Changes<actions.WebhooksSendSampleInput>) {
  return useChange(actions.webhooksSendSample, ...changes);
}

/** Change an endpoint, or switch it off or on; what waits for one that is switched off counts as failed. */
export function webhooksUpdateEndpointOptions(
  client: Client,
  queries: QueryClient,
  changes: Changes<actions.WebhooksUpdateEndpointInput> = [],
) {
  return mutationOf(client, actions.webhooksUpdateEndpoint, queries, changes);
}
/** Change an endpoint, or switch it off or on; what waits for one that is switched off counts as failed. */
export function useWebhooksUpdateEndpoint(...changes: Changes<actions.WebhooksUpdateEndpointInput>) {
  return useChange(actions.webhooksUpdateEndpoint, ...changes);
}
