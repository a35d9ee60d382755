store::sql! {
    pub(crate) INSERT_CALL = "INSERT INTO api_call (workspace, id, at, actor, operation, status, network, bytes_in, bytes_out, micros)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    pub(crate) LIST_CALLS = "SELECT id, at, actor, operation, status, network, bytes_in, bytes_out, micros FROM api_call
        WHERE workspace = $1 AND id < $2 AND id >= $3 AND status >= $4 AND status <= $5
            AND (CAST($6 AS TEXT) = '' OR operation = $6)
        ORDER BY id DESC LIMIT $7";
    pub(crate) LIST_CALLS_OF = "SELECT id, at, actor, operation, status, network, bytes_in, bytes_out, micros FROM api_call
        WHERE workspace = $1 AND actor = $8 AND id < $2 AND id >= $3 AND status >= $4 AND status <= $5
            AND (CAST($6 AS TEXT) = '' OR operation = $6)
        ORDER BY id DESC LIMIT $7";
    pub(crate) DUE_CALLS = "SELECT NULL, at, id FROM api_call WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    pub(crate) END_CALL = "DELETE FROM api_call WHERE workspace = $1 AND id = $2";
    pub(crate) DUE_NETWORKS = "SELECT NULL, at, id FROM api_call
        WHERE workspace = $1 AND id < $2 AND network IS NOT NULL ORDER BY id LIMIT $3";
    pub(crate) END_NETWORK = "UPDATE api_call SET network = NULL WHERE workspace = $1 AND id = $2";
}
