"""The e-mail templates at hand: the book's `templates/` over those shipped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from plaincrm.book.atomic import read
from plaincrm.book.shipped import shipped
from plaincrm.core.text.text_file import decode
from plaincrm.errors import NotFound, did_you_mean
from plaincrm.marketing.templates.file import Template, choose, of_notes, parse, split_stem, tag

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

FOLDER = "templates"
SHIPPED = "templates/email"
Forms = Mapping[str, Template]


class Templates(Mapping[str, Forms]):
    """Templates by name, each with its forms by language (empty: the plain form).

    An own plain form stands for every language; own forms without one stand beside the shipped
    ones.
    """

    def __init__(self, book: BookData) -> None:
        self._book = book

    @cached_property
    def sources(self) -> Mapping[str, tuple[str, str]]:
        """Path and text of every file by stem."""
        folder = shipped(SHIPPED)
        files = {file.stem: file for file in folder.glob("*.md")}
        found = {
            stem: (f"{SHIPPED}/{stem}.md", decode(read(file), stem)[0])
            for stem, file in files.items()
        }
        own = {}
        for stem in self._book.source.names(FOLDER, ".md"):
            path = f"{FOLDER}/{stem}.md"
            text = decode(self._book.source.file(path) or b"", path)[0]
            if not of_notes(text):
                own[stem] = (path, text)
        # An empty file, such as one that the shell made for an output, hides nothing.
        shipped_names = {split_stem(stem)[0] for stem in found}
        own = {
            stem: source
            for stem, source in own.items()
            if source[1].strip() or split_stem(stem)[0] not in shipped_names
        }
        whole = {stem for stem in own if not split_stem(stem)[1]}
        kept = {stem: source for stem, source in found.items() if split_stem(stem)[0] not in whole}
        return kept | own

    @cached_property
    def _forms(self) -> Mapping[str, dict[str, Template]]:
        forms: dict[str, dict[str, Template]] = {}
        for stem, (path, text) in sorted(self.sources.items()):
            name, language = split_stem(stem)
            forms.setdefault(name, {})[language] = parse(stem, text, path)
        return forms

    def __getitem__(self, name: str) -> Forms:
        return self._forms[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._forms)

    def __len__(self) -> int:
        return len(self._forms)

    def find(self, name: str) -> Forms:
        """The forms of a template. Raises NotFound."""
        word = name.removeprefix(f"{FOLDER}/").removesuffix(".md")
        if word not in self._forms:
            hint = did_you_mean(word, self._forms) or "plaincrm template list shows them"
            raise NotFound(f'no template "{name}"', hint)
        return self._forms[word]

    def form(self, name: str, language: str = "") -> Template:
        """The form for a contact of that language, else the book's own. Raises NotFound."""
        return choose(self.find(name), language, self._book.settings.language)

    def exactly(self, name: str, language: str) -> Template:
        """The form of just that language. Raises NotFound."""
        forms = self.find(name)
        for key, form in forms.items():
            if tag(language) in (tag(key), tag(form.language)):
                return form
        raise NotFound(f"{name} has no form in {language}", f"it has {', '.join(languages(forms))}")

    def text(self, template: Template) -> str:
        """The file of a template."""
        return next(text for path, text in self.sources.values() if path == template.path)

    @property
    def bodies(self) -> Mapping[str, str]:
        """Every template's body by its stem, for `{% include %}`."""
        return {
            f"{name}.{language}" if language else name: form.body
            for name, forms in self._forms.items()
            for language, form in forms.items()
        }


def languages(forms: Forms) -> list[str]:
    """The languages of a template's forms; `-` for a plain form that names none."""
    return sorted(form.language or "-" for form in forms.values())


def is_own(template: Template) -> bool:
    """Whether it is the book's, not shipped with plaincrm."""
    return not template.path.startswith(f"{SHIPPED}/")
