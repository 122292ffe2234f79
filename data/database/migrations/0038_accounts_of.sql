-- A database that was attached by a trial version knows nothing of the platform's own sign-in service.
alter table if exists internal.attachment add column if not exists accounts_of text;
