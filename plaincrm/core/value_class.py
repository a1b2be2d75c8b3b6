"""Small immutable values, cheaper to declare than a dataclass.

`dataclass` writes and compiles the methods of each class when its module is imported, which for the
classes of one command takes longer than the command. `@value` gives the same without compiling
anything: fields by position or name, defaults, equality, a hash and a readable form. What the class
defines itself stays.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


class _Fresh:
    """A default that is made anew for each value."""

    def __init__(self, factory: Callable[[], Any]) -> None:
        self.factory = factory


def fresh(*, factory: Callable[[], T]) -> T:
    """The default of a field of which each value gets its own: `fresh(factory=dict)`."""
    return _Fresh(factory)  # type: ignore[return-value]


@dataclass_transform(frozen_default=True, field_specifiers=(fresh,))
def value(cls: type[T]) -> type[T]:
    """Make `cls` an immutable value of its annotated fields."""
    names = tuple(cls.__annotations__)
    defaults = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
    for name, default in defaults.items():
        if isinstance(default, _Fresh):
            delattr(cls, name)
    key = _key(names)
    methods = {
        "__init__": _init(cls.__name__, names, defaults),
        "__repr__": _repr(names),
        "__match_args__": names,
        "__eq__": _equal(key),
        "__hash__": lambda self: hash(key(self)),
        "__setattr__": _fixed,
        "__delattr__": _fixed,
    }
    if cls.__dict__.get("__init__") is None:
        _PLAIN[cls] = frozenset(names)
    for name, method in methods.items():
        if cls.__dict__.get(name) is None:
            setattr(cls, name, method)
    return cls


_PLAIN: dict[
    type, frozenset[str]
] = {}  # the fields of classes that have no `__init__` of their own


def changed(old: T, **changes: Any) -> T:
    """The value with others in some of its fields."""
    kind = type(old)
    names: tuple[str, ...] = kind.__match_args__  # type: ignore[attr-defined]
    if not _PLAIN.get(kind, frozenset()).issuperset(changes):
        return kind(**({name: getattr(old, name) for name in names} | changes))
    new, fields = object.__new__(kind), old.__dict__
    new.__dict__.update([(name, fields[name]) for name in names], **changes)
    return new


def _init(cls: str, names: tuple[str, ...], defaults: dict[str, Any]) -> Callable[..., None]:
    count = len(names)
    fixed = {name: each for name, each in defaults.items() if type(each) is not _Fresh}
    made = {name: each.factory for name, each in defaults.items() if type(each) is _Fresh}

    def init(self: Any, *args: Any, **named: Any) -> None:
        fields = self.__dict__
        if len(args) < count:
            fields.update(fixed)
        fields.update(zip(names, args, strict=False))
        if named:
            if not named.keys().isdisjoint(names[: len(args)]):
                raise TypeError(f"{cls} takes {', '.join(names)}")
            fields.update(named)
        for name, factory in made.items():
            if name not in fields:
                fields[name] = factory()
        if len(fields) != count or len(args) > count:
            lacking = [name for name in names if name not in fields]
            raise TypeError(f"{cls} takes {', '.join(names)}; it lacks {', '.join(lacking)}")

    return init


def _key(names: tuple[str, ...]) -> Callable[[Any], Any]:
    fields = operator.attrgetter(*names)
    return fields if len(names) > 1 else lambda self: (fields(self),)


def _equal(key: Callable[[Any], Any]) -> Callable[[Any, object], Any]:
    return lambda self, other: (
        key(self) == key(other) if type(self) is type(other) else NotImplemented
    )


def _fixed(self: Any, name: str, *_: Any) -> None:
    raise AttributeError(f"{type(self).__name__}.{name} is fixed")


def _repr(names: tuple[str, ...]) -> Callable[[Any], str]:
    return lambda self: (
        f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"
    )
