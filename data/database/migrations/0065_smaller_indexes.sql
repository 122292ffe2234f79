-- The same key many times takes a tenth of the disk (history.sql).

drop index dashboard.history_module, dashboard.history_source;
create index history_module on dashboard.history (module_id, (id >> 10));
create index history_source on dashboard.history (source, (id >> 10));
