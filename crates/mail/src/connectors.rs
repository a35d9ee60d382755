//! What mail hands to whom, for the register of processing activities.

use privacy::connectors::Connector;
use privacy::processors::Role;

/// Mail leaves through the relay that the operator configured.
pub const RELAY: &str = "mail.relay";
/// Mail is handed to each recipient's own mail exchanger.
pub const DIRECT: &str = "mail.direct";
/// Names of mail exchangers are asked of the configured resolver.
pub const RESOLVER: &str = "dns.resolver";

privacy::connector!(Connector {
    code: RELAY,
    role: Role::Processor,
    carries: &["addresses", "message content"],
    foreign: false,
});
privacy::connector!(Connector {
    code: DIRECT,
    role: Role::Conduit,
    carries: &["addresses", "message content"],
    foreign: false,
});
privacy::connector!(Connector { code: RESOLVER, role: Role::Conduit, carries: &["mail domains"], foreign: false });
