//! What these tables hold about members and about the people they talk to.

use store::PersonalTable;

store::personal!(PersonalTable {
    table: "chat_device",
    class: "account.member",
    subject: "member",
    columns: &["name"],
    erase: &[super::devices::ERASE],
    kept: None,
    collect: None,
});
store::personal!(PersonalTable {
    table: "conversation_share",
    class: "comms.content",
    subject: "subject",
    columns: &["sealed"],
    // A key that only devices can open says nothing to the person; it goes with the conversation.
    erase: &[super::shares::ERASE],
    kept: None,
    collect: None,
});
