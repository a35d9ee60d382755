//! The e-mail channel: building messages, signing them, handing them over, and reading what comes
//! back.
//!
//! [`channel`] is what outbound knows of all this; [`catcher`] stands in for a mail server.
//!
//! The way out: a [`mime::Message`] becomes octets, a [`dkim::Signer`] puts two signatures in front
//! of them, and a [`smtp::Pool`] hands them to the next hop, which is a relay or the recipient's MX
//! ([`dns`]). Each hand-over ends in one [`smtp::Outcome`] that says whether the message may be sent
//! again without reaching anyone twice.
//!
//! The way back: [`inbound`] listens for mail to addresses that carry one of our tokens ([`address`]).
//! [`bounce`] sorts delivery reports and complaints into one published vocabulary, and [`reply`] takes a
//! person's answer apart for the classifier of intents. [`incoming`] matches each with its delivery and acts.
//!
//! Nothing here decides whether a message may be sent: a [`smtp::Parcel`] carries the permission, and it
//! is asked right before the message's first octet leaves.

pub mod address;
pub mod authentication;
pub mod bounce;
pub mod catcher;
pub mod channel;
pub mod connectors;
pub mod dkim;
pub mod dns;
pub mod domains;
pub mod inbound;
pub mod incoming;
pub mod mime;
pub mod reply;
pub mod smtp;
pub mod transport;

store::data_map!("mail", include_str!("../migrations/columns.txt"));
store::migration!("mail", 1, "mail", include_str!("../migrations/0001_mail.sql"));
store::migration!("mail", 2, "came_back", include_str!("../migrations/0002_came_back.sql"));
store::migration!("mail", 13, "deciding", include_str!("../migrations/0013_deciding.sql"));
store::migration!("mail", 3, "replies", include_str!("../migrations/0003_replies.sql"));
