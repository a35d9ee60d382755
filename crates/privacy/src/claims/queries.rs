store::sql! {
    pub(crate) UPSERT_CLAIM = "INSERT INTO claim
        (workspace, subject, purpose, channel, topic, basis, state, at, expires_at, confirmed_at, event, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (workspace, subject, purpose, channel, topic, basis) DO UPDATE SET
        state = excluded.state, at = excluded.at, expires_at = excluded.expires_at,
        confirmed_at = excluded.confirmed_at, event = excluded.event, sealed = excluded.sealed
        WHERE excluded.at >= claim.at";
    pub(crate) CLAIMS_OF = "SELECT purpose, channel, topic, basis, state, at, expires_at, confirmed_at, event, sealed
        FROM claim WHERE workspace = $1 AND subject = $2 ORDER BY purpose, channel, topic, basis";
    /// The same without an order, for the gate: SQLite compiles a statement with an ORDER BY anew for every set
    /// of parameters, which costs more than everything else the gate does.
    pub(crate) CLAIMS_UNORDERED = "SELECT purpose, channel, topic, basis, state, at, expires_at, confirmed_at, event, sealed
        FROM claim WHERE workspace = $1 AND subject = $2";
    pub(crate) CLAIMS_DUE = "SELECT subject, purpose, channel, topic, basis, expires_at FROM claim
        WHERE workspace = $1 AND expires_at IS NOT NULL AND expires_at <= $2 AND state IN ('given', 'renewed', 'requested')
        ORDER BY expires_at LIMIT $3";
    pub(crate) ERASE_CLAIMS = "DELETE FROM claim WHERE workspace = $1 AND subject = $2";
    pub(crate) WITHDRAW_ALL = "UPDATE claim SET state = $3, at = $4, event = $5
        WHERE workspace = $1 AND subject = $2 AND at <= $4 AND state IN ('given', 'renewed', 'requested')
        AND basis NOT IN ('contract', 'legal_obligation', 'subject_request')";
    pub(crate) WITHDRAW_PURPOSE = "UPDATE claim SET state = $3, at = $4, event = $5
        WHERE workspace = $1 AND subject = $2 AND at <= $4 AND state IN ('given', 'renewed', 'requested')
        AND basis NOT IN ('contract', 'legal_obligation', 'subject_request') AND purpose = $6";
    pub(crate) WITHDRAW_CHANNEL = "UPDATE claim SET state = $3, at = $4, event = $5
        WHERE workspace = $1 AND subject = $2 AND at <= $4 AND state IN ('given', 'renewed', 'requested')
        AND basis NOT IN ('contract', 'legal_obligation', 'subject_request') AND purpose = $6 AND channel = $7";
    pub(crate) WITHDRAW_TOPIC = "UPDATE claim SET state = $3, at = $4, event = $5
        WHERE workspace = $1 AND subject = $2 AND at <= $4 AND state IN ('given', 'renewed', 'requested')
        AND basis NOT IN ('contract', 'legal_obligation', 'subject_request') AND topic = $6";
}
