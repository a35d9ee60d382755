use store::sql;

sql! {
    /// Answered from the index alone, because people watch it while a million messages leave.
    pub(super) STATES = "SELECT state, CAST(count(*) AS BIGINT) FROM sms_message WHERE workspace = $1 AND source = $2 GROUP BY state";
    pub(super) REASONS = "SELECT reason, CAST(count(*) AS BIGINT) FROM sms_message WHERE workspace = $1 AND source = $2 AND state = $3
        GROUP BY reason";
    pub(super) COUNTRIES = "SELECT country, CAST(count(*) AS BIGINT), CAST(sum(parts) AS BIGINT), CAST(COALESCE(sum(cost), 0) AS BIGINT),
            CAST(count(clicked_at) AS BIGINT), CAST(count(left_at) AS BIGINT) FROM sms_message
        WHERE workspace = $1 AND source = $2 AND state <> $3 AND state <> $4 GROUP BY country ORDER BY country";
    pub(super) RESERVED = "SELECT CAST(COALESCE(sum(price), 0) AS BIGINT) FROM sms_message WHERE workspace = $1 AND source = $2
        AND state IN ($3, $4, $5)";
    pub(super) CLICKS = "SELECT number, class, CAST(count(*) AS BIGINT), CAST(count(DISTINCT message) AS BIGINT) FROM short_click
        WHERE workspace = $1 AND source = $2 GROUP BY number, class ORDER BY number, class";
    pub(super) HOURS = "SELECT at / 3600000000, class, CAST(count(*) AS BIGINT) FROM short_click WHERE workspace = $1 AND source = $2
        GROUP BY at / 3600000000, class ORDER BY 1, 2";

    pub(super) HAS = "SELECT contact FROM sms_message WHERE workspace = $1 AND contact = $2 AND source = $3";

    /// A pause and its end: what waits, waits for something else.
    pub(super) SHIFT = "UPDATE sms_message SET state = $4 WHERE workspace = $1 AND source = $2 AND state = $3";
    pub(super) WAITING = "SELECT id FROM sms_message WHERE workspace = $1 AND source = $2 AND state = $3 ORDER BY id LIMIT $4";
    pub(super) CANCEL = "UPDATE sms_message SET state = $3, reason = 'cancelled', finished_at = $4 WHERE workspace = $1 AND id = $2
        AND state = $5 RETURNING contact";

    pub(super) BY_STATE = "SELECT id, contact, state, reason, rule, basis, country, parts, price, cost, attempts, created_at, sent_at, finished_at,
            clicked_at, left_at FROM sms_message WHERE workspace = $1 AND source = $2 AND state = $3 AND id > $4 ORDER BY id LIMIT $5";
}
