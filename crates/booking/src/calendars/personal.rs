//! What of the tables here is about people, and how it ends.

const OWN: Option<&str> = Some("a host's own connection, time and copies: deleted when the account is disconnected");

store::personal!(store::PersonalTable {
    table: "calendar_account",
    class: "account.member",
    subject: "",
    columns: &["sealed"],
    erase: &[],
    kept: OWN,
    collect: None,
});
store::personal!(store::PersonalTable {
    table: "calendar",
    class: "account.member",
    subject: "",
    columns: &["place", "sealed", "place_cursor"],
    erase: &[],
    kept: OWN,
    collect: None,
});
store::personal!(store::PersonalTable {
    table: "calendar_busy",
    class: "account.member",
    subject: "",
    columns: &["resource"],
    erase: &[],
    kept: OWN,
    collect: None,
});
store::personal!(store::PersonalTable {
    table: "calendar_copy",
    class: "account.member",
    subject: "",
    columns: &["resource", "sealed"],
    erase: &[],
    kept: Some("where a booking's copy is: deleted with the copy, when the booking ends by retention or erasure"),
    collect: None,
});
store::personal!(store::PersonalTable {
    table: "calendar_provider",
    class: "account.member",
    subject: "",
    columns: &["sealed"],
    erase: &[],
    kept: Some("the organisation's own application at a vendor"),
    collect: None,
});
store::personal!(store::PersonalTable {
    table: "calendar_answer",
    class: "booking",
    subject: "",
    columns: &["address"],
    erase: &[],
    kept: Some("what was answered to an invitation, under a keyed hash: deleted with the booking"),
    collect: None,
});

store::sql! {
    DUE_ANSWERS = "SELECT NULL, at, booking, address FROM calendar_answer WHERE workspace = $1 AND at < $2 ORDER BY at LIMIT $3";
    END_ANSWER = "DELETE FROM calendar_answer WHERE workspace = $1 AND booking = $2 AND address = $3";
}

store::retention!(store::RetentionRule {
    table: "calendar_answer",
    class: "booking",
    covers: &[],
    event: "the answer",
    due_by: store::DueBy::Instant,
    find: DUE_ANSWERS,
    end: &[END_ANSWER],
    before: None,
    after: None,
});
