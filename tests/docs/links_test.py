"""Every link of README and docs/ leads to a file, and to a heading of it.

links_test.py SOURCE
"""
import pathlib
import re
import sys
import unittest

SOURCE = pathlib.Path(sys.argv[1]).resolve()
PAGES = [SOURCE / "README.md", *sorted((SOURCE / "docs").glob("*.md"))]
CODE = re.compile(r"```.*?```", re.S)


def text_of(page):
    return CODE.sub("", page.read_text())


def headings(page):
    """As GitHub names them: lower case, without punctuation, a hyphen for each space."""
    found = re.findall(r"(?m)^#+ (.*)$", text_of(page))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in found}


class Links(unittest.TestCase):
    def test_each_leads_somewhere(self):
        links = 0
        for page in PAGES:
            for link in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
                if re.match(r"[a-z]+:", link):
                    continue
                links += 1
                path, _, anchor = link.partition("#")
                target = page.parent / path if path else page
                with self.subTest(page=page.name, link=link):
                    self.assertTrue(target.exists())
                    if anchor and target.suffix == ".md":
                        self.assertIn(anchor, headings(target))
        self.assertGreater(links, 50)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
