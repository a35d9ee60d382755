//! What these tables hold about members, who are subjects too.

use store::PersonalTable;

store::personal!(PersonalTable {
    table: "chat_agent",
    class: "account.member",
    subject: "member",
    columns: &["shown"],
    erase: &[super::ERASE, super::ERASE_MEMBER],
    kept: None,
    collect: None,
});
