-- Several servers on one database keep their files in one output folder or in several. storage is the id that an output folder
-- of such a server bears; '' is the folder of a server that has its database for itself. File names are unique within one storage.
-- owner_instance of a recording is the server that saved it, or that moved it or made something of it last: what it left half done
-- is its to complete, or somebody else's on the same storage once it is dead.
ALTER TABLE uploads ADD COLUMN storage TEXT NOT NULL DEFAULT '';
ALTER TABLE recordings ADD COLUMN storage TEXT NOT NULL DEFAULT '';
ALTER TABLE recordings ADD COLUMN owner_instance TEXT NOT NULL DEFAULT '';
-- Each server counts in its own running time, so it counts only what is its own.
ALTER TABLE lives ADD COLUMN owner_instance TEXT NOT NULL DEFAULT '';

UPDATE recordings SET owner_instance = COALESCE((SELECT value FROM store_info WHERE name = 'server_id'), '');
UPDATE lives SET owner_instance = COALESCE((SELECT value FROM store_info WHERE name = 'server_id'), '');

DROP INDEX uploads_final_name;
CREATE UNIQUE INDEX uploads_final_name ON uploads (storage, final_name) WHERE final_name IS NOT NULL;
DROP INDEX recordings_kept_name;
CREATE UNIQUE INDEX recordings_kept_name ON recordings (storage, file_name) WHERE state = 'kept';
CREATE INDEX uploads_owner ON uploads (owner_instance);
CREATE INDEX recordings_owner_unsettled ON recordings (owner_instance, state) WHERE state IN ('trashing', 'restoring');
