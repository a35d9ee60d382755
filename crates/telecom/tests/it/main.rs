//! Telecom against itself and against hostile octets.

mod pdus;
