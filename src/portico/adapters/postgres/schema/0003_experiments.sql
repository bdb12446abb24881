-- Who has seen which variant of an experiment, once each, and what they have done since. `subject` is a hash.
create table portico.exposures (
  experiment text not null check (length(experiment) between 1 and 63),
  subject bytea not null check (length(subject) = 16),
  variant text not null check (length(variant) between 1 and 63),
  at timestamptz not null,
  primary key (experiment, subject)
);
create table portico.conversions (
  experiment text not null check (length(experiment) between 1 and 63),
  event text not null check (length(event) between 1 and 63),
  subject bytea not null check (length(subject) = 16),
  times bigint not null check (times > 0),
  latest timestamptz not null,
  primary key (experiment, event, subject)
);
do $$
declare t text;
begin
  foreach t in array array['exposures', 'conversions']
  loop
    execute format('alter table portico.%I enable row level security', t);
    execute format('alter table portico.%I force row level security', t);
    execute format('create policy house on portico.%I to portico_owner, portico_worker using (true) with check (true)', t);
    execute format('create policy operators on portico.%I for select to portico_app
                    using ((select current_setting(''app.operator'', true)) = ''on'')', t);
    execute format('grant select on portico.%I to portico_app', t);
    execute format('grant select, delete on portico.%I to portico_worker', t);
  end loop;
end $$;
