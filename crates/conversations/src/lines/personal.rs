//! What the tables of lines hold about a person, for erasure. What was said is answered with the conversation.

use store::PersonalTable;

use super::queries as sql;

store::personal!(PersonalTable {
    table: "conversation_line",
    class: "comms.traffic",
    subject: "subject",
    columns: &["line"],
    erase: &[sql::ERASE_LINES],
    kept: None,
    collect: None,
});
store::personal!(PersonalTable {
    table: "conversation_delivery",
    class: "comms.traffic",
    subject: "subject",
    columns: &[],
    erase: &[sql::ERASE_DELIVERIES],
    kept: None,
    collect: None,
});
