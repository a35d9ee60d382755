"""Judging a received message with tools that know nothing of Barid."""

import base64
import email
import email.policy
import re
from html.parser import HTMLParser

import dkim


def keys(domain):
    """The published DKIM keys of `barid domain add --json`: DNS name to record."""
    return {record["name"].rstrip("."): record["value"] for record in domain["records"] if "_domainkey" in record["name"]}


def signatures(message):
    """Each DKIM-Signature's tags, folding white space taken out."""
    found = []
    for header in message.get_all("DKIM-Signature"):
        tags = (tag.partition("=") for tag in str(header).split(";") if "=" in tag)
        found.append({name.strip(): re.sub(r"\s", "", value) for name, _, value in tags})
    return found


def verify(raw, published):
    """The algorithms of the message's signatures that verify."""
    def lookup(name, timeout=5):
        value = published.get((name.decode() if isinstance(name, bytes) else name).rstrip("."))
        return value.encode() if value else None

    algorithms = [tags["a"] for tags in signatures(email.message_from_bytes(raw, policy=email.policy.default))]
    return [name for index, name in enumerate(algorithms) if dkim.DKIM(raw).verify(idx=index, dnsfunc=lookup)]


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.images, self.elements = [], [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.elements.append((tag, attributes))
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"])
        if tag == "img" and attributes.get("src"):
            self.images.append(attributes["src"])


def page(html):
    """The links, images and elements of an HTML text."""
    parsed = _Page()
    parsed.feed(html)
    return parsed


def bounce(received, status="5.1.1", action="failed", text="550 5.1.1 user unknown"):
    """A delivery report (RFC 3464) about a received message, as a next server would send it."""
    address = received.recipients[0]
    original = received.raw.split(b"\r\n\r\n")[0].decode("ascii", "replace").replace("\r\n", "\n")
    return f"""From: MAILER-DAEMON@mx.people.example
To: {received.sender}
Subject: Undelivered Mail Returned to Sender
Date: Sat, 21 Nov 2026 10:00:00 +0000
Message-ID: <{abs(hash(received.raw))}@mx.people.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.people.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {text}

--b
Content-Type: text/rfc822-headers

{original}

--b--
"""


def complaint(received, to, kind="abuse"):
    """A feedback report (RFC 5965) with redacted addresses, as providers send them."""
    address = received.recipients[0]
    original = received.raw.replace(address.encode(), b"redacted@redacted.example").decode("ascii", "replace").replace("\r\n", "\n")
    return f"""From: fbl@provider.example
To: {to}
Subject: FW: complaint
Date: Sat, 21 Nov 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

A complaint.

--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Test/1
Version: 1

--b
Content-Type: message/rfc822

{original}
--b--
"""


def reply(received, text, sender, subject="Re: News"):
    """An answer to a message, from the person."""
    body = base64.b64encode(text.encode()).decode()
    to = received.message["Reply-To"] or received.message["From"]
    address = to.addresses[0].addr_spec
    return address, f"""From: {sender}
To: {address}
Subject: {subject}
In-Reply-To: {received.message["Message-ID"].strip()}
Date: Sat, 21 Nov 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

{body}
"""
