//! Conversations: threads of events over every channel, the inbox, routing, live chat.
