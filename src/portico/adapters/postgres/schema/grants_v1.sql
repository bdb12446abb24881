-- Functions are everybody's until revoked: what the application calls is named here.
revoke execute on all functions in schema portico from public;
grant execute on function
  portico.gate_v1(bytea, uuid, text, text, text, text, uuid, text, text),
  portico.row_v1(text, uuid, text, text),
  portico.close_v1(text[], text[], text, text, text, bytea, bytea, smallint, text, bytea, interval),
  portico.refusal_v1(uuid, uuid, text, text, text, text, text, text, text),
  portico.proved_v1(bytea, bytea),
  portico.register_v1(text, text, text),
  portico.credential_v1(text),
  portico.open_session_v1(uuid, bytea, bytea, text, text, timestamptz),
  portico.end_session_v1(bytea),
  portico.create_organization_v1(text, text, text, uuid),
  portico.my_organizations_v1()
to portico_app;
grant execute on function portico.new_id() to portico_app, portico_worker, portico_owner;
