//! The SMS and voice channels: encoding, SMPP, SIP and RTP.
