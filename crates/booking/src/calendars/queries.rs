//! The SQL of calendars.

store::sql! {
    pub(super) INSERT_ACCOUNT = "INSERT INTO calendar_account
        (workspace, id, host, kind, sealed, state, created_by, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";
    pub(super) GET_ACCOUNT = "SELECT id, host, kind, sealed, state, created_by, created_at, updated_at
        FROM calendar_account WHERE workspace = $1 AND id = $2";
    /// A workspace has at most some hundreds.
    pub(super) LIST_ACCOUNTS = "SELECT id, host, kind, sealed, state, created_by, created_at, updated_at
        FROM calendar_account WHERE workspace = $1 ORDER BY id LIMIT 1000";
    pub(super) UPDATE_ACCOUNT = "UPDATE calendar_account SET sealed = $3, state = $4, updated_at = $5
        WHERE workspace = $1 AND id = $2";
    pub(super) ACCOUNT_STATE = "UPDATE calendar_account SET state = $3 WHERE workspace = $1 AND id = $2";
    pub(super) DELETE_BEGUN = "DELETE FROM calendar_account WHERE workspace = $1 AND state = 'connecting' AND created_at < $2";
    pub(super) DELETE_ACCOUNT = "DELETE FROM calendar_account WHERE workspace = $1 AND id = $2";

    pub(super) INSERT_CALENDAR = "INSERT INTO calendar
        (workspace, id, account, host, place, sealed, conflicts, target, writable, failures, doubtful)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0)";
    pub(super) GET_CALENDAR = "SELECT id, account, host, sealed, conflicts, target, writable, place_cursor, covers_to, synced_at,
        tried_at, error, failures, failing_since, doubtful FROM calendar WHERE workspace = $1 AND id = $2";
    pub(super) CALENDARS_OF_ACCOUNT = "SELECT id, account, host, sealed, conflicts, target, writable, place_cursor, covers_to, synced_at,
        tried_at, error, failures, failing_since, doubtful FROM calendar WHERE workspace = $1 AND account = $2 ORDER BY id";
    pub(super) CALENDARS_OF_HOST = "SELECT id, account, host, sealed, conflicts, target, writable, place_cursor, covers_to, synced_at,
        tried_at, error, failures, failing_since, doubtful FROM calendar WHERE workspace = $1 AND host = $2 ORDER BY id";
    pub(super) CONFLICTS_OF_HOST = "SELECT id, conflicts, busy_version, taken_version, taken FROM calendar
        WHERE workspace = $1 AND host = $2";
    pub(super) BUSY_CHANGED = "UPDATE calendar SET busy_version = busy_version + 1 WHERE workspace = $1 AND id = $2";
    pub(super) VERSION_OF = "SELECT busy_version FROM calendar WHERE workspace = $1 AND id = $2";
    pub(super) KEEP_TAKEN = "UPDATE calendar SET taken_version = $3, taken = $4 WHERE workspace = $1 AND id = $2";
    pub(super) USE_CALENDAR = "UPDATE calendar SET conflicts = $3, target = $4 WHERE workspace = $1 AND id = $2";
    pub(super) NO_TARGET = "UPDATE calendar SET target = $3 WHERE workspace = $1 AND host = $2 AND target <> $3";
    pub(super) RENAME_CALENDAR = "UPDATE calendar SET sealed = $3, writable = $4 WHERE workspace = $1 AND id = $2";
    pub(super) SYNCED = "UPDATE calendar SET place_cursor = $3, covers_to = $4, synced_at = $5, tried_at = $6, error = NULL,
        failures = 0, failing_since = NULL, doubtful = $7 WHERE workspace = $1 AND id = $2";
    pub(super) NOT_SYNCED = "UPDATE calendar SET tried_at = $3, error = $4, failures = failures + 1,
        failing_since = COALESCE(failing_since, $3) WHERE workspace = $1 AND id = $2";
    pub(super) READ_ANEW = "UPDATE calendar SET place_cursor = NULL, covers_to = NULL, error = NULL, failures = 0
        WHERE workspace = $1 AND account = $2";
    pub(super) DELETE_CALENDAR = "DELETE FROM calendar WHERE workspace = $1 AND id = $2";

    pub(super) INSERT_BUSY = "INSERT INTO calendar_busy
        (workspace, calendar, resource, part, host, start_at, end_at, status, partstat, booking)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (workspace, calendar, resource, part) DO UPDATE
        SET start_at = $6, end_at = $7, status = $8, partstat = $9, booking = $10";
    pub(super) DELETE_BUSY = "DELETE FROM calendar_busy WHERE workspace = $1 AND calendar = $2";
    pub(super) DELETE_BUSY_OF = "DELETE FROM calendar_busy WHERE workspace = $1 AND calendar = $2 AND resource = $3";
    pub(super) DELETE_BUSY_BEFORE = "DELETE FROM calendar_busy WHERE workspace = $1 AND calendar = $2 AND end_at < $3";
    pub(super) RESOURCES_WITHIN = "SELECT DISTINCT resource FROM calendar_busy
        WHERE workspace = $1 AND calendar = $2 AND end_at > $3 AND start_at < $4";
    pub(super) BUSY_OF_CALENDAR = "SELECT start_at, end_at, status, partstat FROM calendar_busy
        WHERE workspace = $1 AND calendar = $2 AND booking IS NULL";

    pub(super) CHOICE_OF = "SELECT calendars FROM calendar_choice WHERE workspace = $1 AND event_type = $2 AND host = $3";
    pub(super) CHOICES = "SELECT host, calendars FROM calendar_choice WHERE workspace = $1 AND event_type = $2 ORDER BY host";
    pub(super) CHOOSE = "INSERT INTO calendar_choice (workspace, event_type, host, calendars) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace, event_type, host) DO UPDATE SET calendars = $4";
    pub(super) UNCHOOSE = "DELETE FROM calendar_choice WHERE workspace = $1 AND event_type = $2 AND host = $3";
    pub(super) GET_SETTINGS = "SELECT settings FROM calendar_setting WHERE workspace = $1";
    pub(super) SAVE_SETTINGS = "INSERT INTO calendar_setting (workspace, settings, updated_at) VALUES ($1, $2, $3)
        ON CONFLICT (workspace) DO UPDATE SET settings = $2, updated_at = $3";

    pub(super) COPIES_OF = "SELECT booking, calendar, sealed, sequence, start_at, end_at, state, updated_at, event_type FROM calendar_copy
        WHERE workspace = $1 AND booking = $2";
    pub(super) COPY_AT = "SELECT booking, calendar, sealed, sequence, start_at, end_at, state, updated_at, event_type FROM calendar_copy
        WHERE workspace = $1 AND calendar = $2 AND resource = $3";
    pub(super) COPIES_OF_CALENDAR = "SELECT booking, resource, state, start_at, updated_at FROM calendar_copy
        WHERE workspace = $1 AND calendar = $2 AND start_at >= $3 ORDER BY resource LIMIT 10000";
    pub(super) SAVE_COPY = "INSERT INTO calendar_copy
        (workspace, booking, calendar, resource, sealed, sequence, start_at, end_at, state, updated_at, event_type)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (workspace, booking, calendar) DO UPDATE
        SET resource = $4, sealed = $5, sequence = $6, start_at = $7, end_at = $8, state = $9, error = NULL, updated_at = $10, event_type = $11";
    /// Copies of bookings that are gone, however they went.
    pub(super) ORPHANS = "SELECT DISTINCT c.booking FROM calendar_copy c WHERE c.workspace = $1
        AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.workspace = c.workspace AND b.id = c.booking) ORDER BY c.booking LIMIT 500";
    pub(super) COPY_STATE = "UPDATE calendar_copy SET state = $4, error = $5, updated_at = $6
        WHERE workspace = $1 AND booking = $2 AND calendar = $3";
    pub(super) SUGGEST = "UPDATE calendar_copy SET state = $4, updated_at = $5
        WHERE workspace = $1 AND booking = $2 AND calendar = $3 AND state = 'written'";
    pub(super) SUGGESTIONS = "SELECT c.booking, c.calendar, d.host, c.state, c.start_at, c.end_at, c.updated_at
        FROM calendar_copy c JOIN calendar d ON d.workspace = c.workspace AND d.id = c.calendar
        WHERE c.workspace = $1 AND c.state = $2 ORDER BY c.booking LIMIT 500";
    pub(super) DELETE_COPY = "DELETE FROM calendar_copy WHERE workspace = $1 AND booking = $2 AND calendar = $3";
    pub(super) DELETE_COPIES_IN = "DELETE FROM calendar_copy WHERE workspace = $1 AND calendar = $2";

    pub(super) INSERT_FEED = "INSERT INTO calendar_feed (workspace, id, host, detail, created_by, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    pub(super) GET_FEED = "SELECT id, host, detail, created_at, read_at FROM calendar_feed WHERE workspace = $1 AND id = $2";
    /// A host has a handful.
    pub(super) LIST_FEEDS = "SELECT id, host, detail, created_at, read_at FROM calendar_feed WHERE workspace = $1 ORDER BY id LIMIT 2000";
    pub(super) FEED_READ = "UPDATE calendar_feed SET read_at = $3 WHERE workspace = $1 AND id = $2";
    pub(super) DELETE_FEED = "DELETE FROM calendar_feed WHERE workspace = $1 AND id = $2";

    pub(super) GET_PROVIDER = "SELECT sealed FROM calendar_provider WHERE workspace = $1 AND kind = $2";
    pub(super) SAVE_PROVIDER = "INSERT INTO calendar_provider (workspace, kind, sealed, updated_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace, kind) DO UPDATE SET sealed = $3, updated_at = $4";

    pub(super) SAVE_ANSWER = "INSERT INTO calendar_answer
        (workspace, booking, address, partstat, sequence, proposed_start, proposed_end, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (workspace, booking, address) DO UPDATE
        SET partstat = $4, sequence = $5, proposed_start = $6, proposed_end = $7, at = $8";
    pub(super) ANSWERS = "SELECT partstat, proposed_start, proposed_end, at FROM calendar_answer
        WHERE workspace = $1 AND booking = $2 ORDER BY at LIMIT 1000";
    pub(super) DELETE_ANSWERS = "DELETE FROM calendar_answer WHERE workspace = $1 AND booking = $2";
}
