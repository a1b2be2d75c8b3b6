"""Hand-written front matter as people leave it: each text is legal, and each of its fields can be
edited.
"""

from __future__ import annotations

COMMENTS = """\
---
# who
name: Ada Lovelace   # the first
email: 'ada@analytical.example'      # or a list

# where
company: analytical-engines
tags: [vip, newsletter]   # two tags
phone:
  # at work
  - +44 20 7946 0018   # the desk
  # at home

  - "+44 20 7946 0019"
status: customer
# the end
---
# Not a comment: a heading

- [ ] Send the contract due:2026-12-01
"""

CRLF = COMMENTS.replace("\n", "\r\n")
CR = "---\rname: Ada\rtags:\r- a\r- b # c\rnote: x\r---\rbody\r"
MIXED_ENDS = (
    "---\r\nname: Ada\ntags: [a,\r\n  b]\nnote: |\r\n  one\n  two\r\nlast: x\n---\nbody\r\nmore\n"
)
BOM = "\ufeff---\nname: Ada\nemail: [a@example.com, b@example.com]\n---\nbody"

UMLAUTS_EMOJI = """\
---
name: Jürgen Müller-Lüdenscheid
straße: Königsallee 😀 12   # größer
größe: "émoji 👨‍👩‍👧 in \\u00fcmlauts"
标签: [日本, "中文", ключ]
---
Grüße 🎉
"""

BLOCKS = """\
---
note: |
  line one
    indented
  # not a comment

  line three

folded: >-   # why
  several words
  on lines

kept: |+
  text

strip: |-
  last
explicit: |2
    two more
after: x
---
"""

ODD_INDENT = """\
---
name:    Ada
address:
        street: Main Street 1
        city:   London    # the city
list:
      - a
      -   b
flush:
- one
- two

phones: {work: 1, home: "2", }
multi: a plain text
   over two lines   # said
quoted: "a quoted one
  over two
  lines"
single: 'it''s
   long'
below:
  on the next line
---
"""

INDENTED_ROOT = "---\n  name: Ada\n  tags:\n    - a\n  city: X # c\n---\nbody\n"

FLOWS = """\
---
tags: [
  vip,   # very
  # a comment
  "news, letter",
  last
]
packed: [a,b,'c']
trailing: [a, b,]
spread:
  [ a
  , b ]
map: {
  work: a@example.com,   # w
  home: b@example.com
}
nested: [[a, b], {c: d}, []]
empty: []
none: {}
---
"""

NESTED = """\
---
people:
  - name: Ada
    roles: [main, billing]
    # her phone
    phone: 1
  - name: Bob
    phone:
matrix:
  - - a
    - b
  - - c
labels:
  work: x
  home:
    street: y
    # inner
    zip: "02142"
---
"""

EMPTIES = """\
---
a:
b:   # nothing yet
c: ""
d: ''   # empty too
e: ~
f: null
g:
  # a comment where a value might be

h: x   \t
i:
  -
  - x
  -   # none
---
"""

KEYS = """\
---
"quoted key": a
'single': b   # c
key with spaces: c
key:colon: d
http://x: e
"colon: inside": f
spaced : g
123: h
true: i
ünicode: j
"": k
---
"""

TABS = "---\nname:\tAda\t# c\ntags: [a,\tb]\t\nlist:\n  - a\n  - b\t\nlast: x\t\n---\nbody\t\n"
NO_FINAL_NEWLINE = "---\nname: Ada\ntags: [a]\n---"
DOTS = "---\nname: Ada   \ntags:\n- a\n...\n---\nbody\n"
EMPTY = "---\n---\n"
ONLY_COMMENTS = "---\n# nothing yet\n\n---\nbody\n"
FENCE_BLANKS = "--- \nname: Ada\n---\t\n---\nname: not this\n---\n"
INDICATORS = """\
---
time: 12:30
zip: 02142
country: NO
phone: +4915112345678
version: 1.10
ratio: 1:2:3
url: https://example.com/#part?x=1&y=2
sharp: C# and F#
dash: a - b
star: 5*
quote: it's "so"
equals: =
merge: <<
percent: 50%
---
"""
ODD_CHARACTERS = (
    "---\nname: A\u2028B\x85C\nbell: x\x07y\nbom: a\ufeffb\ntags: [x\u2029y, z]\n---\nx\u2028y\n"
)

EDITABLE = {
    name: text for name, text in list(globals().items()) if name.isupper() and isinstance(text, str)
}

# What an edit must refuse: the text, the field, and the line it names.
REFUSED = {
    "empty file": ("", "a", 1),
    "no front matter": ("# Hello\n\nworld\n", "a", 1),
    "unclosed": ("---\na: 1\n\nbody\n", "a", 1),
    "anchor": ("---\na: &x 1\nb: 2\n---\n", "a", 2),
    "alias": ("---\na: &x 1\nb: *x\n---\n", "b", 3),
    "alias inside": ("---\na: &x 1\nb:\n  - y\n  - *x\n---\n", "b", 5),
    "tag": ("---\na: !!str 1\n---\n", "a", 2),
    "explicit key": ("---\nb: 1\n? a\n: 2\n---\n", "a", 3),
    "duplicate": ("---\na: 1\nb: 2\na: 3\n---\n", "a", 4),
    "broken above": ("---\nx: 'open\na: 1\n---\n", "a", 2),
    "broken": ("---\na: [x\nb: 1\n---\n", "a", 2),
    "not UTF-8": ("---\na: 1\nb: \udcfc\n---\n", "a", 3),
    "a list": ("---\n- a\n---\n", "a", 2),
    "braces": ("---\n{a: 1}\n---\n", "a", 2),
    "conflict": ("---\n<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> x\n---\n", "a", 2),
    "second document": ("---\na: 1\n--- x\n---\n", "a", 3),
}
