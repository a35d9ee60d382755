"""What stands on the editor's canvas is what arrives: every kind of block and every starter design, photographed on the
canvas and in the mail that the server renders, and held against each other."""

import os
import tempfile
import unittest
from pathlib import Path

from harness.browsing import Browsing

# A browser lays out a grid and a mail's tables in fractions of a pixel of their own, and rounds them at other places.
SIZE = 2
# The mean difference of a pixel, 0 to 255: over the block, over the square of 24 pixels that differs most, and of the colour
# of everything that is not the ground. The same letters half a pixel apart stay below half of these; another letter, side,
# size or colour does not.
MEAN, WORST, INK = 3.0, 30.0, 6.0

HILLS, MARKET, PAPER = (f"/i/starters/{name}.png" for name in ("hills", "market", "paper"))
SAYS = {
    "en": {
        "heading": "The books of spring are here", "long": "A new novel about Beirut, and with it a diary for everybody who writes by hand. "
        "It is read in one night, and then once more, slowly.", "bold": "bold", "link": "a link", "short": "In short.",
        "list": ["Poems", "Novels, among them one that was out of print for thirty years and is now to be had again"],
        "button": "To the shop", "alt": "Hills in the morning", "menu": ["Books", "Shop", "مكتبة", "Readings"], "other": "كتب الربيع وصلت",
        "head": ["Day", "What", "Price"], "cells": [["Monday", "Reading\nwith tea", "12 JOD"], ["", "", ""], ["Friday", "Workshop for children, two hours", "5 JOD"]],
        "item": "A novel", "text": "Two hundred pages.", "price": "12 JOD", "old": "18 JOD", "label": "Read more", "cite": "A reader", "code": "Raw words",
        "footer": "You get this because you signed up for our letter.",
    },
    "ar": {
        "heading": "كتب الربيع وصلت", "long": "رواية جديدة عن بيروت، ومعها دفتر يوميات لكل من يكتب بيده. تُقرأ في ليلة واحدة، ثم تُقرأ مرة أخرى على مهل.",
        "bold": "غامق", "link": "رابط", "short": "باختصار.", "list": ["دواوين", "روايات، منها واحدة نفدت منذ ثلاثين عامًا وعادت اليوم إلى الرفوف"],
        "button": "إلى المتجر", "alt": "تلال في الصباح", "menu": ["الكتب", "Shop", "Books & more", "القراءات"], "other": "The books of spring",
        "head": ["اليوم", "ماذا", "السعر"], "cells": [["الاثنين", "قراءة\nمع الشاي", "١٢ د.أ"], ["", "", ""], ["الجمعة", "ورشة للأطفال مدتها ساعتان كاملتان", "٥ د.أ"]],
        "item": "رواية", "text": "مئتا صفحة.", "price": "١٢ د.أ", "old": "١٨ د.أ", "label": "المزيد", "cite": "قارئة", "code": "كلمات كما هي",
        "footer": "تصلكم هذه الرسالة لأنكم اشتركتم في نشرتنا.",
    },
}
URL = "https://shop.example/books"
LINK = {"type": "link", "attrs": {"href": URL}}
MORE = {"type": "textStyle", "attrs": {"color": "#a3471c"}}


def words(text, *marks):
    return {"type": "text", "text": text, **({"marks": [mark if isinstance(mark, dict) else {"type": mark} for mark in marks]} if marks else {})}


def paragraph(*content, align=None):
    return {"type": "paragraph", **({"attrs": {"textAlign": align}} if align else {}), "content": list(content)}


def doc(*nodes):
    return {"type": "doc", "content": list(nodes)}


def listed(kind, *items, **attrs):
    items = [item if isinstance(item, list) else [paragraph(words(item))] for item in items]
    return {"type": kind, **({"attrs": attrs} if attrs else {}), "content": [{"type": "listItem", "content": item} for item in items]}


class Sheet:
    """A document that grows row by row; ids come from the place."""

    def __init__(self, language, **theme):
        colours = {"bg": "#f2f4f3", "surface": "#ffffff", "text": "#242b2f", "link": "#0b6e66", "brand": "#0b6e66"}
        self.design = {"v": 2, "dir": "rtl" if language == "ar" else "ltr", "lang": language, "preheader": "",
                       "theme": {"width": 600, "font": "plex", "radius": 6, **colours, "dark": None, **theme}, "rows": []}

    def row(self, *columns, layout=None, stack="normal", **style):
        """A row of columns, each one block or a list of them."""
        at = len(self.design["rows"])
        columns = [column if isinstance(column, list) else [column] for column in columns]
        cols = [[{"id": f"r{at}-{col}-{n}-{block['type']}", **block} for n, block in enumerate(blocks)] for col, blocks in enumerate(columns)]
        self.design["rows"].append({"id": f"row{at}", "layout": layout or [1] * len(cols), "stack": stack, "style": style, "cols": cols})
        return self


def every(language):
    """Every kind of block, in the ways it can be set."""
    say, opposite = SAYS[language], "ltr" if language == "ar" else "rtl"
    sheet = Sheet(language)
    heading = lambda level=2, text=say["heading"], **more: {"type": "heading", "level": level, "content": [words(text)], "align": "start", **more}
    text = lambda *nodes, **more: {"type": "text", "content": doc(*nodes), "align": "start", **more}
    button = lambda kind="button", **more: {"type": kind, "label": say["button"], "url": URL, "align": "start", "style": "filled", "wide": False, **more}
    image = lambda **more: {"type": "image", "src": HILLS, "alt": say["alt"], "decorative": False, "align": "center", **more}
    item = lambda image=None, **more: {"name": say["item"], "text": say["text"], "price": say["price"], "url": URL, **({"image": image, "alt": say["alt"]} if image else {}), **more}
    product = lambda columns, *items: {"type": "product", "columns": columns, "label": say["label"], "items": list(items)}
    long = paragraph(words(say["long"]))
    rich = [
        paragraph(words(say["bold"], "bold"), words(" "), words(say["link"], LINK), words(" "), words(say["long"], "italic"), {"type": "hardBreak"},
                  words(say["short"], "underline"), words(" "), words(say["other"], "strike"), words(" "), words(say["bold"], MORE)),
        listed("bulletList", *say["list"], [paragraph(words(say["short"])), listed("orderedList", say["short"])]), {"type": "paragraph", "content": []},
        listed("orderedList", *say["list"], start=3), {"type": "blockquote", "content": [long, paragraph(words(say["short"]))]},
        paragraph(words(say["long"]), align="end"), paragraph(words(say["short"]), align="center"),
    ]
    sheet.row([heading(1), heading(2, align="center"), heading(3, align="end", color="#7a1f5c"), heading(2, say["other"], dir=opposite)])
    sheet.row(text(*rich)).row([text(long, align="center", size=20, color="#5a6573"), text(long, dir=opposite), text(long, padding={"block": 0, "inline": 60})])
    sheet.row([button(), button(align="center", style="outline"), button(align="end", color="#c41e3a"), button(wide=True), button("booking", dir=opposite), button("signup", style="outline", wide=True, color="#7a1f5c")])
    sheet.row([image(), image(width=180, align="start", radius=0), image(src=MARKET, width=240, align="end", radius=30, url=URL)])
    sheet.row([{"type": "divider", "style": "solid"}, {"type": "spacer", "height": 37}, {"type": "divider", "style": "dashed", "width": 4, "color": "#c41e3a"}, {"type": "divider", "style": "dotted", "width": 3, "padding": {"block": 20, "inline": 90}}])
    sheet.row([heading(3), text(long)], [image(src=PAPER), button(align="center")], bg="#e6efe9", padding={"block": 20, "inline": 12})
    sheet.row([text(long)], [heading(3)], [image(src=MARKET)]).row([text(long)], [image(src=MARKET)], layout=[2, 1])
    sheet.row(*[[image(src=PAPER), heading(3, say["short"])] for _ in range(4)], stack="none")
    networks = ["facebook", "instagram", "x", "linkedin", "youtube", "whatsapp", "telegram", "github", "website", "email"]
    sheet.row([{"type": "social", "align": "center", "items": [{"network": name, "url": URL} for name in networks]},
               {"type": "social", "align": "start", "items": [{"network": "facebook", "url": URL, "label": "Facebook"}, {"network": "x", "url": URL, "label": "X"}, {"network": "website", "url": URL, "label": say["menu"][2]}]},
               {"type": "menu", "align": "end", "items": [{"label": label, "url": URL} for label in say["menu"]]}])
    sheet.row([{"type": "video", "url": URL, "thumbnail": MARKET, "alt": say["alt"]}, {"type": "video", "url": URL, "thumbnail": PAPER, "alt": say["alt"], "label": say["label"], "padding": {"block": 30, "inline": 120}}])
    sheet.row([{"type": "table", "header": True, "align": "start", "rows": [say["head"], *say["cells"]]}, {"type": "table", "header": False, "align": "center", "rows": say["cells"], "dir": opposite}])
    sheet.row([product(1, item(HILLS, old_price=say["old"]), item(), item(PAPER)), product(2, item(HILLS), item(MARKET, old_price=say["old"]), item()), product(3, item(), item(), item())])
    sheet.row([{"type": "quote", "content": doc(long, paragraph(words(say["short"]))), "cite": say["cite"]}, {"type": "quote", "content": doc(long), "dir": opposite}])
    sheet.row({"type": "code", "html": f"<h2 style=\"color:#7a1f5c\">{say['code']}</h2><p>{say['long']} <b>{say['bold']}</b> <a href=\"{URL}\">{say['link']}</a></p><table width=\"100%\"><tr><td bgcolor=\"#e6efe9\" align=\"center\">{say['short']}</td><td>{say['short']}</td></tr></table>"})
    sheet.row([heading(2), text(paragraph(words(say["long"]), words(say["link"], LINK))), button(), {"type": "divider", "style": "solid"}, {"type": "quote", "content": doc(long), "cite": say["cite"]}], bg="#12343b")
    sheet.row({"type": "footer", "text": say["footer"], "view_link": True, "notice": True, "align": "center"}, bg="#e6efe9")
    return sheet.design


def other_looks(language):
    """Another font, narrow, without rounded corners, in colours that cannot be read as they were chosen."""
    say = SAYS[language]
    sheet = Sheet(language, width=520, font="georgia", radius=0, bg="#ffffff", surface="#fdf6e3", text="#e8e0c8", link="#f0e0a0", brand="#fff2b0")
    paragraphs = doc(paragraph(words(say["long"]), words(" "), words(say["link"], LINK)))
    sheet.row([{"type": "heading", "level": 1, "content": [words(say["heading"])], "align": "start"}, {"type": "text", "content": paragraphs, "align": "start"},
               {"type": "button", "label": say["button"], "url": URL, "align": "end", "style": "filled", "wide": False},
               {"type": "table", "header": True, "align": "end", "rows": [say["head"], *say["cells"]]}])
    sheet.row({"type": "footer", "text": "", "view_link": False, "notice": False, "align": "start", "unsubscribe_label": say["label"]})
    return sheet.design


def spoken(node):
    """A document whose merge tags are words: what a reader's value is, the canvas cannot know, and shows the name."""
    if isinstance(node, list):
        return [spoken(one) for one in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "merge":
        return {"type": "text", "text": node["attrs"]["fallback"] or "Lina", **({"marks": node["marks"]} if node.get("marks") else {})}
    return {name: spoken(value) for name, value in node.items()}


class Canvas(Browsing):
    def setUp(self):
        super().setUp()
        self.server = self.barid().serve("--catcher")
        self.topic = self.ask("POST", "/v1/topics", {"name": "News"})["id"]

    def ask(self, method, path, body=None):
        answer = self.server.http(method, path, body, key=True)
        self.assertIn(answer.code, (200, 201), answer)
        return answer.json

    def document(self, name, design):
        body = {"topic": self.topic, "from": "Al Noor <news@sender.example>", "name": name, "subject": name, "language": design["lang"], "design": design}
        return {"name": name, "campaign": self.ask("POST", "/v1/campaigns", body)["id"], "design": design}

    def held(self, language, documents):
        """Photographs documents in both places; what differs is named, and its pictures stay."""
        shots = os.environ.get("BARID_TEST_SCREENSHOTS")
        kept = Path(shots or tempfile.gettempdir()) / f"canvas-{os.getpid()}"
        task = {"origin": self.server.url, "language": language, "documents": documents, "kept": str(kept),
                "bounds": {"size": SIZE, "mean": MEAN, "worst": WORST, "ink": INK}}
        found = self.node("flows/canvas.mjs", task, 600)[-1]
        self.assertNotIn("stuck", found, found)
        self.assertEqual(found["faults"], [])
        wrong = [block for block in found["blocks"] if self.differs(block)]
        self.assertEqual(wrong, [], "\n" + "\n".join(map(str, wrong)))
        return found["blocks"]

    @staticmethod
    def differs(block):
        sizes = (block["wide"], block["high"])
        return any(abs(one - other) > SIZE for one, other in sizes) or block["mean"] > MEAN or block["worst"] > WORST or block["ink"] > INK

    def test_every_kind_of_block(self):
        for language in ("ar", "en"):
            with self.subTest(language):
                documents = [self.document(f"every-{language}", every(language)), self.document(f"looks-{language}", other_looks(language))]
                seen = {block["type"] for block in self.held(language, documents)}
                kinds = self.server.http("GET", "/v1/openapi.json").json["components"]["schemas"]["DesignBlock"]["oneOf"]
                self.assertEqual(len(seen), len(kinds), "a kind of block that nobody photographs")

    def test_the_starters(self):
        starters = self.ask("GET", "/v1/starters")["items"]
        for language in ("ar", "en"):
            with self.subTest(language):
                designs = [one for one in starters if one["language"] == language]
                self.assertEqual(len(designs), 12)
                self.held(language, [self.document(one["id"].replace(".", "-"), spoken(one["design"])) for one in designs])


if __name__ == "__main__":
    unittest.main()
