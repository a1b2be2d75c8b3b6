"""Templates rendered by Jinja2 in a sandbox. Import this module where it is needed: it loads
jinja2.

A template may come from a book that somebody else wrote, so it meets plain data only
(`template_data`), a list of allowed attributes, filters, tests and globals, and a budget of work
that loops, calls, texts and values use up, each by its size (`guards`). What remains open to a
hostile template is some seconds of time; it reads no file, calls no code, and can't fill the
memory.

Data is rendered once: `{{ 7*7 }}` in a record stays as it is. The text part takes values as they
are; for the HTML part the same template is rendered with every value escaped for Markdown, so no
record adds a link to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from traceback import walk_tb
from typing import Any, cast

import jinja2
from jinja2 import nodes
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError, TemplateNotFound, TemplateSyntaxError
from jinja2.meta import find_referenced_templates, find_undeclared_variables
from jinja2.runtime import LoopContext, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace, missing, pass_context

from plaincrm.errors import PlaincrmError, UsageError, did_you_mean
from plaincrm.marketing.templates import block_tags, filters, limits
from plaincrm.marketing.templates import data as template_data
from plaincrm.marketing.templates import names as template_names
from plaincrm.marketing.templates.file import Template
from plaincrm.marketing.templates.guards import Guards
from plaincrm.marketing.templates.limits import SOURCE_CAP, STEP, MissingValue, RenderingState
from plaincrm.marketing.templates.printer import Printer
from plaincrm.marketing.templates.rendered import MissingVariables, Rendered, Variables, stay_inside

_NAMELESS = "<introspection>"  # what Jinja2 calls a template whose names it looks for


class _Missing(StrictUndefined, MissingValue):
    """An undefined value that notes its name where StrictUndefined raises, so that all are named at
    once.
    """

    __slots__ = ("_absent",)
    _absent: set[str]

    def _noted(self, *_: Any, **__: Any) -> str:
        self._absent.add(str(self._undefined_name))
        return ""

    def _iterated(self) -> Iterator[Any]:
        return iter(self._noted())

    def _measured(self) -> int:
        return len(self._noted())

    def _compared(self, *_: Any) -> bool:
        return bool(self._noted())

    def _hashed(self) -> int:
        return hash(self._noted())

    __str__ = __call__ = __neg__ = __pos__ = _noted  # type: ignore[assignment]
    __iter__ = _iterated  # type: ignore[assignment]
    __len__ = __int__ = _measured  # type: ignore[assignment]
    __hash__ = _hashed  # type: ignore[assignment]
    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = _compared  # type: ignore[assignment]


class _Includes(jinja2.BaseLoader):
    """The book's other templates, from memory."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.names = tuple(sources)
        self._sources = sources

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, None]:
        if template not in self._sources:
            raise TemplateNotFound(template)
        return self._sources[template], template, None


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox; `run` is exchanged for each rendering. With `markdown` every printed value is
    escaped.
    """

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, includes: Mapping[str, str], *, markdown: bool) -> None:
        # Autoescape makes Jinja2 mark what macros and set-blocks return, so that no value is
        # escaped twice.
        super().__init__(
            loader=_Includes(includes),
            undefined=_Missing,
            autoescape=markdown,
            optimized=False,
            keep_trailing_newline=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.printer = Printer(markdown=markdown)
        self.undefined = self._absence  # type: ignore[assignment]
        # With the context as argument it is not run on constants at compile time, before there is a
        # `run`.
        self.finalize = pass_context(lambda _context, value: self.printer.shown(value))
        self.globals = {"range": limits.bounded_range, "namespace": Namespace}
        self.filters = {name: self._metered(name, self.filters[name]) for name in filters.BUILTIN}
        self.filters |= {
            name: self._metered(name, made) for name, made in self.printer.filters().items()
        }
        self.filters["_paid"] = self._paid
        self.tests = {name: self._tested(cast(Any, made)) for name, made in self.tests.items()}

    @property
    def run(self) -> RenderingState:
        return self.printer.run

    def _metered(self, name: str, made: Callable[..., Any]) -> Callable[..., Any]:
        at = 1 if hasattr(made, "jinja_pass_arg") else 0

        @wraps(made)
        def metered(*args: Any, **kwargs: Any) -> Any:
            value = args[at]
            self.run.spend(STEP + limits.size(value))
            if isinstance(value, _Missing) and name not in ("default", "d"):
                return value._noted()
            if name in filters.ON_TEXT and not isinstance(value, str):
                args = (*args[:at], self.printer.plain(value), *args[at + 1 :])
            if name == "sum":
                limits.numbers_alone(kwargs.get("start", 0), *args[at + 2 :])
            result = made(*args, **kwargs)
            self.run.spend(len(result) if isinstance(result, str | list) else 0)
            return result

        return metered

    def _paid(self, value: Any) -> Any:
        """The value, once its size is paid for."""
        self.run.spend(limits.size(value))
        return value

    def _tested(self, made: Callable[..., Any]) -> Callable[..., Any]:
        """A test such as `in` or `eq`: it compares its arguments."""

        @wraps(made)
        def tested(*args: Any, **kwargs: Any) -> Any:
            self.run.spend(STEP + sum(map(limits.size, args)))
            return made(*args, **kwargs)

        return tested

    def _absence(
        self, hint: str | None = None, obj: Any = missing, name: Any = None, **_: Any
    ) -> _Missing:
        at = self.run.paths.get(id(obj), "")
        below = f"{at}[{name}]" if isinstance(name, int) else f"{at}.{name}"
        absent = _Missing(hint, missing, below if at else str(name or hint))
        absent._absent = self.run.absent
        return absent

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, _Missing):
            return obj  # `deal.company.name` without a company is named by its first missing part
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return obj if isinstance(obj, _Missing) else super().getitem(obj, argument)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, Namespace | TemplateModule):
            return not attr.startswith("_")
        if isinstance(obj, LoopContext):
            return attr in limits.LOOP
        return limits.attribute_allowed(obj, attr)

    def unsafe_undefined(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict) and not attribute.startswith("_"):
            return self._absence(obj=obj, name=attribute)
        raise SecurityError(f"a template may not use .{attribute}")

    def wrap_str_format(self, value: Any) -> None:
        """str.format stays out of reach: a width in it makes a text of any size."""

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        lacking = [one for one in (left, right) if isinstance(one, _Missing)]
        if lacking:
            return "".join(one._noted() for one in lacking)
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return self.printer.join([left, right])
        return filters.arithmetic(operator, self.binop_table[operator], left, right)

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        owner = getattr(__obj, "__self__", None)  # `list.count` and `str.find` look through it
        __self.run.spend(STEP + sum(map(limits.size, (owner, *args))))
        if isinstance(__obj, _Missing):
            return __obj._noted()
        result = super().call(__context, __obj, *args, **kwargs)
        if isinstance(result, str | list):
            __self.run.spend(len(result))
        return result

    def join_path(self, template: str, parent: str) -> str:
        self.run.spend(STEP * 10)  # every include and import passes here
        return template.removesuffix(".md")

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if len(source) > SOURCE_CAP:
            raise TemplateSyntaxError("the template is longer than 64 KiB", 1)
        kept = block_tags.kept_in_line(source)
        return cast(nodes.Template, Guards().visit(super()._parse(kept, name, filename)))


class Renderer:
    """Renders templates for many contacts; compiles each once.

    `includes` maps the names of the book's other templates to their bodies, for `{% include
    "signature" %}`.
    """

    def __init__(self, includes: Mapping[str, str] | None = None) -> None:
        self._includes = dict(includes or {})
        self._plain = _Environment(self._includes, markdown=False)
        self._markdown = _Environment(self._includes, markdown=True)
        self._compiled: dict[tuple[bool, str, str], jinja2.Template] = {}

    def render(
        self,
        template: Template,
        context: Mapping[str, Any],
        *,
        language: str = "en",
        markdown: bool = True,
    ) -> Rendered:
        """One e-mail for a context of text, numbers, dates, lists and maps; None and "" are
        missing. Without `markdown`, for a mail of plain text alone, that form of it stays empty.

        `language` words the dates and money of a template that names no language itself. Raises
        MissingVariables with every missing name at once, UsageError (template and line) for a
        broken template or one that oversteps its limits, TypeError for a context that isn't plain
        data.
        """
        run = RenderingState(language=template.language or language)
        data = template_data.copied(context, "", run.paths)

        def part(source: str, label: str, environment: _Environment | None = None) -> str:
            return self._part(template, source, label, environment or self._plain, data, run)

        subject = " ".join(part(template.subject, "subject").split())
        cc = tuple(filter(None, (part(one, "cc").strip() for one in template.cc)))
        attachments = tuple(
            filter(None, (part(one, "attachments").strip() for one in template.attachments))
        )
        step = " ".join(part(template.next, "next").split())
        text = part(template.body, "")
        marked = part(template.body, "", self._markdown) if markdown else ""
        if run.absent:
            raise MissingVariables(template.name, tuple(sorted(run.absent)))
        stay_inside(attachments, template.path or template.name)
        return Rendered(
            subject, text.rstrip() + "\n", marked.rstrip() + "\n", cc, attachments, step
        )

    def reads(self, template: Template) -> frozenset[str] | None:
        """The dotted names that the template, and what it includes, may read; None where nobody
        can tell before it is rendered.
        """
        found, known = set[str](), set[str]()
        waiting = [template.subject, template.next, *template.cc, *template.attachments]
        waiting.append(template.body)
        try:
            while waiting:
                tree = self._plain.parse(waiting.pop())
                for read in template_names.names(tree, find_undeclared_variables(tree)):
                    found |= read
                included = {
                    str(name).removesuffix(".md") for name in find_referenced_templates(tree)
                }
                waiting += [self._includes[name] for name in included - known]
                known |= included
        except (PlaincrmError, jinja2.TemplateError, KeyError):  # rendering says what is wrong
            return None
        return frozenset(found)

    def _part(
        self,
        template: Template,
        source: str,
        label: str,
        env: _Environment,
        data: dict[str, Any],
        run: RenderingState,
    ) -> str:
        if len(source) <= SOURCE_CAP and "{" not in source and "\r" not in source:
            return source  # nothing in it stands for anything else
        env.printer.run = run
        run.work = limits.WORK
        where = f"{template.path or template.name}{': ' + label if label else ''}"
        known = set(run.absent)
        try:
            return limits.capped(self._compile(env, source, where).generate(data))
        except Exception as error:
            if run.absent - known:  # what a missing value led to is no fault of the template's
                return ""
            raise _refusal(error, where, 0 if label else template.body_line - 1, env) from error

    def _compile(self, env: _Environment, source: str, where: str) -> jinja2.Template:
        key = (env.printer.markdown, where, source)
        if key not in self._compiled:
            code = env.compile(source, where, where)
            self._compiled[key] = env.template_class.from_code(env, code, env.make_globals(None))
        return self._compiled[key]


def render(template: Template, context: Mapping[str, Any], *, language: str = "en") -> Rendered:
    """One e-mail that includes nothing."""
    return Renderer().render(template, context, language=language)


def variables(template: Template) -> Variables:
    """The dotted names that the template's subject, cc, attachments and body read. Raises
    UsageError.
    """
    env = _Environment({}, markdown=False)
    needed, optional = set[str](), set[str]()
    parts = [
        ("subject", template.subject),
        ("next", template.next),
        *(("cc", one) for one in template.cc),
    ]
    parts += [*(("attachments", one) for one in template.attachments), ("", template.body)]
    for label, source in parts:
        where = f"{template.path or template.name}{': ' + label if label else ''}"
        try:
            tree = env.parse(source, where, where)
            roots = find_undeclared_variables(tree) - env.globals.keys()
        except Exception as error:
            raise _refusal(error, where, 0 if label else template.body_line - 1, env) from error
        read, forgiven = template_names.names(tree, roots)
        needed |= read
        optional |= forgiven
    return Variables(tuple(sorted(needed - optional)), tuple(sorted(optional)))


def _refusal(error: Exception, where: str, before: int, env: _Environment) -> PlaincrmError:
    """The user's error: which template, which line of its file, what is wrong."""
    if isinstance(error, TemplateNotFound):
        names = env.loader.names if isinstance(env.loader, _Includes) else ()
        said = f"{where}: there is no template {error.name} to include"
        return UsageError(said, did_you_mean(str(error.name), names))
    if isinstance(error, TemplateSyntaxError):
        file, line = error.filename or where, error.lineno
        file = where if file == _NAMELESS else file
    else:
        file, line = _place(error, where)
    above = before if file == where else 0
    at = f":{line + above}" if line else ""
    said = (error.message or "") if isinstance(error, TemplateSyntaxError) else str(error)
    if isinstance(error, RecursionError):
        said = "its calls are nested too deeply"
    return UsageError(f"{file}{at}: {said}", "see docs/email.md for what a template may use")


def _place(error: Exception, where: str) -> tuple[str, int]:
    """The template file and line of the innermost frame that is a template's."""
    steps = [
        (frame.f_globals, frame.f_code.co_filename, line)
        for frame, line in walk_tb(error.__traceback__)
    ]
    ours = [
        (file, line)
        for names, file, line in steps
        if "__jinja_exception__" in names or file == where
    ]
    return ours[-1] if ours else (where, 0)
